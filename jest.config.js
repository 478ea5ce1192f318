/** One jest project per kind of test by its folder; `npm run test:quick` runs those that need no server. */
const common = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testEnvironment: 'node',
};

const kind = (name, extra = {}) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  ...extra,
});

export default {
  // Jest alone would leave one of two cores idle; what shares a server runs in band.
  maxWorkers: '100%',
  // A test proves no time. Five seconds, jest's own limit, is less than a cold start of what it loads takes on a busy machine.
  testTimeout: 30_000,
  projects: [
    kind('unit'),
    kind('infra'),
    kind('conformance'),
    kind('recipes'),
    kind('backends', {
      globalSetup: '<rootDir>/test/backends/start.ts',
      globalTeardown: '<rootDir>/test/backends/stop.ts',
    }),
    kind('integration', {
      globalSetup: '<rootDir>/test/support/deployed-stack.ts',
      globalTeardown: '<rootDir>/test/support/take-down.ts',
    }),
  ],
};
