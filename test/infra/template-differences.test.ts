import { Template } from 'aws-cdk-lib/assertions';
import { normaliseTemplate } from './support/normalise-template.ts';
import { differences } from './support/template-differences.ts';

const stateful = (stage: string, resources: object) => ({ [`warren-${stage}-stateful`]: { Resources: resources } });

describe('the differences between two stages', () => {
  it('are a line for each value that is another, new or gone', () => {
    const prod = stateful('prod', { Points: { DeletionPolicy: 'Retain', Properties: { Size: 2, Old: true } } });
    const dev = stateful('dev', { Points: { DeletionPolicy: 'Delete', Properties: { Size: 2, New: [1] } } });

    expect(differences({ stage: 'prod', stacks: prod }, { stage: 'dev', stacks: dev })).toEqual([
      'warren-STAGE-stateful/Resources/Points/DeletionPolicy: "Retain" → "Delete"',
      'warren-STAGE-stateful/Resources/Points/Properties/New/0: nothing → 1',
      'warren-STAGE-stateful/Resources/Points/Properties/Old: true → nothing',
    ]);
  });

  it('are none where only the stage stands: in names, tags and logical ids', () => {
    const prod = stateful('prod', { QueuewarrenprodpointsQueue12AB34CD: { Name: 'warren-prod-points', Tag: 'prod' } });
    const dev = stateful('dev', { QueuewarrendevpointsQueue98DC76BA: { Name: 'warren-dev-points', Tag: 'dev' } });

    expect(differences({ stage: 'prod', stacks: prod }, { stage: 'dev', stacks: dev })).toEqual([]);
    expect(differences({ stage: 'prod', stacks: prod }, { stage: 'dev', stacks: prod })).not.toEqual([]);
  });
});

describe('a template in a snapshot', () => {
  it('has its references as text, and everything else as it is', () => {
    const output = { OutputName: 'Arn', StackName: 'warren-dev-stateful' };
    const template = Template.fromJSON({
      Resources: {
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            Queue: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sqs:points']] },
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Here: { 'Fn::GetStackOutput': { ...output, Region: { Ref: 'AWS::Region' } } },
            Elsewhere: { 'Fn::GetStackOutput': { ...output, Region: 'eu-west-1' } },
            Lines: { 'Fn::Join': [',', ['a', 'b']] },
          },
        },
      },
    });

    expect(normaliseTemplate(template)).toMatchObject({
      Resources: {
        Policy: {
          Properties: {
            Queue: `arn:\${AWS::Partition}:sqs:points`,
            Role: `\${Role.Arn}`,
            Here: `\${warren-dev-stateful:Arn}`,
            Elsewhere: { 'Fn::GetStackOutput': { ...output, Region: 'eu-west-1' } },
            Lines: { 'Fn::Join': [',', ['a', 'b']] },
          },
        },
      },
    });
  });
});
