export { type BrokerEnv as Env, brokerEnvSchema as envSchema } from '../shared/broker/env.ts';
