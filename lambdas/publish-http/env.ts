export { type PublishingEnv as Env, publishingEnvSchema as envSchema } from '../shared/publishing/env.ts';
