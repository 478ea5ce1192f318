export { type RelayEnv as Env, relayEnvSchema as envSchema } from '../shared/outbox/env.ts';
