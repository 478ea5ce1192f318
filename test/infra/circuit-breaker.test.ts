import { consumers } from '../../lib/consumers.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const resources = synthesise(warrenApp('dev')).flatMap(({ template }) => resourcesIn(template));
const folderOf = (id: string) => {
  const fn = ofType(resources, 'AWS::Lambda::Function').find(({ logicalId }) => logicalId === id);
  return fn?.Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME;
};

describe('the circuit breaker', () => {
  it('may stop, invoke and resume every consumer that is deployed, and no other function', () => {
    const statements = ofType(resources, 'AWS::IAM::Policy').flatMap(
      ({ Properties }) => Properties['PolicyDocument'].Statement,
    );
    const deployed = ofType(resources, 'AWS::Lambda::Function')
      .map(({ logicalId }) => folderOf(logicalId))
      .filter((folder) => Object.hasOwn(consumers, folder));
    const [update] = statements.filter(({ Action }) => Action === 'lambda:UpdateEventSourceMapping');
    const invoke = statements.filter(
      ({ Action, Resource }) => Action === 'lambda:InvokeFunction' && Array.isArray(Resource),
    );

    const foldersIn = (arns: { 'Fn::GetAtt': string[] }[]) =>
      arns.map((arn) => folderOf(arn['Fn::GetAtt'][0] ?? '')).sort();
    expect(foldersIn(update.Condition.ArnEquals['lambda:FunctionArn'])).toEqual(deployed.sort());
    expect(invoke.map(({ Resource }) => foldersIn(Resource))).toEqual([deployed.sort()]);
  });

  it('rings for each consumer as long as its circuit is open', () => {
    const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').filter(
      ({ Properties }) => Properties['MetricName'] === 'CircuitOpen',
    );

    expect(alarms.length).toBeGreaterThanOrEqual(1);
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({ Namespace: 'Warren', Threshold: 0, TreatMissingData: 'notBreaching' });
      expect(Properties['AlarmActions']).toHaveLength(1);
      expect(Properties['AlarmDescription']).toContain('docs/operations.md#a-circuit-is-open');
    }
  });
});
