export { type NoticesEnv as Env, noticesEnvSchema as envSchema } from '../shared/notices/env.ts';
