import { errorLines, progressOfStacks } from '../../../local/cdk-progress.ts';

describe('progressOfStacks', () => {
  it('adds up the stacks that are deployed at the same time', () => {
    const progress = progressOfStacks(20);

    progress('Try-Queues |   3 | 11:45:09 PM | CREATE_COMPLETE    | AWS::SQS::Queue       | Q1 (Q1276D0889) ');
    const latest = progress('Try-Functions |   1 | 11:45:09 PM | CREATE_IN_PROGRESS | AWS::Lambda::Function | Fn');

    expect(latest).toBe('4 of 20 resources');
  });

  it('reads events of change sets too, which carry their own total', () => {
    const latest = progressOfStacks(15)(
      'CDKToolkit |  7/15 | 11:45:01 PM | CREATE_COMPLETE | AWS::S3::Bucket | Staging',
    );

    expect(latest).toBe('7 of 15 resources');
  });

  it('never claims more than there is, although deletions are events as well', () => {
    expect(progressOfStacks(2)('Warren |   5 | 11:45:09 PM | DELETE_COMPLETE | AWS::SQS::Queue | Old')).toBe(
      '2 of 2 resources',
    );
  });

  it('hears no news in any other line', () => {
    expect(progressOfStacks(2)('Try-Functions: deploying... [2/2]')).toBeUndefined();
  });
});

describe('errorLines', () => {
  it('finds the reason between warnings and successes', () => {
    const output = `
WARNING Properties: 'Queue' is a required property, an error on AWS (CloudFormation Validate)
Try-Functions: success: Published Try-Functions Template (000000000005-us-east-1-4d0d2036)
❌  Try-Functions failed to deploy
‣ ValidationError: Template format error: Unrecognized resource types: [AWS::SQS::QueueInlinePolicy]
    at throwError (/node_modules/aws-cdk/lib/index.js:1:1)
`;

    expect(errorLines(output)).toEqual([
      '❌  Try-Functions failed to deploy',
      '‣ ValidationError: Template format error: Unrecognized resource types: [AWS::SQS::QueueInlinePolicy]',
    ]);
  });

  it('is what the app said, when it refused to synthesise, without what it had bundled before', () => {
    const output = `
Bundling asset warren-local-stateless/Publish/Function/Code/Stage...

  ...b775219616e552abf05851eda4b3df6e0b75851d891ca-building/index.mjs  934.0kb
  ...219616e552abf05851eda4b3df6e0b75851d891ca-building/index.mjs.map    1.2mb

⚡ Done in 367ms

topology/definitions.json cannot be deployed:
  topology/definitions.json:39:19 blocking: queues[0].name: must be a string. Fix: name it.

node bin/app.ts: Subprocess exited with error 1
`;

    expect(errorLines(output)).toEqual([
      'topology/definitions.json cannot be deployed:',
      '  topology/definitions.json:39:19 blocking: queues[0].name: must be a string. Fix: name it.',
    ]);
  });

  it('is the beginning of a long refusal, and how much is left out', () => {
    const findings = Array.from({ length: 30 }, (_, at) => `  definitions.json:${at}:1 blocking: …`);
    const output = ['definitions.json cannot be deployed:', ...findings, 'x: Subprocess exited with error 1'].join(
      '\n',
    );

    expect(errorLines(output, 3)).toEqual([
      'definitions.json cannot be deployed:',
      '  definitions.json:0:1 blocking: …',
      '  definitions.json:1:1 blocking: …',
      '… and 28 more lines',
    ]);
  });

  it('falls back to the last lines when none looks like a reason', () => {
    expect(errorLines('one\ntwo\n\nthree\n', 2)).toEqual(['two', 'three']);
  });
});
