import { wechatPayApiEnvSchema } from '../../lambdas/shared/wechat-pay/api/env.ts';
import { merchantSecretEnvSchema } from '../../lambdas/shared/wechat-pay/secret-env.ts';
import { stages } from '../../lib/stages.ts';
import { environmentOf, folderOf } from './support/function-resources.ts';
import {
  ofType,
  resourcesIn,
  synthesise,
  type TemplateResource,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const ingress = 'wechat-pay-notify';

/** Of each function, by its folder: the statements of its role that are about secrets, and the names of its variables. */
function functionsOf(resources: readonly TemplateResource[]) {
  const policies = ofType(resources, 'AWS::IAM::Policy').map(({ Properties }) => Properties);
  return ofType(resources, 'AWS::Lambda::Function').map((fn) => {
    const role = fn.Properties['Role']['Fn::GetAtt'][0];
    const statements = policies
      .filter(({ Roles }) => Roles.some(({ Ref }: { Ref: string }) => Ref === role))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().some((action) => /^(secretsmanager|kms|\*)/.test(action)));
    return { folder: folderOf(fn), variables: environmentOf(fn), named: secretsNamedIn(fn), statements };
  });
}

/** Which secret each variable is a reference to. */
function secretsNamedIn({ Properties }: TemplateResource): Record<string, string | undefined> {
  const variables = Object.entries(Properties['Environment'].Variables);
  const named = variables.map(([name, value]) => [name, /Merchant(Key)?Secret/.exec(JSON.stringify(value))?.[0]]);
  return Object.fromEntries(named.filter(([, secret]) => secret !== undefined));
}

describe.each(stages)('the secrets of the merchant in stage %s', (stage) => {
  const functions = functionsOf(synthesise(warrenApp(stage)).flatMap(({ template }) => resourcesIn(template)));
  const asking = functions.filter(({ variables }) => 'WECHAT_PAY_API_URL' in variables);
  const grantedOn = (secret: string) =>
    functions.filter(({ statements }) => JSON.stringify(statements).includes(secret)).map(({ folder }) => folder);

  it('are two: who asks WeChat Pay may read both, and is told of both', () => {
    expect(asking.map(({ folder }) => folder)).toEqual(
      expect.arrayContaining(['daily-bill', 'order-timeouts', 'reconcile', 'refunds']),
    );
    expect(grantedOn('MerchantKeySecret').sort()).toEqual(asking.map(({ folder }) => folder).sort());
    for (const { variables, named } of asking) {
      expect(wechatPayApiEnvSchema.safeParse(variables)).toMatchObject({ success: true });
      expect(named).toEqual({
        WECHAT_PAY_SECRET_ID: 'MerchantSecret',
        WECHAT_PAY_KEY_SECRET_ID: 'MerchantKeySecret',
      });
    }
  });

  it('are one for the way in: it may not read what signs refunds, and does not know where that is', () => {
    const own = functions.find(({ folder }) => folder === ingress);

    expect(grantedOn('MerchantSecret').sort()).toEqual([...asking.map(({ folder }) => folder), ingress].sort());
    expect(merchantSecretEnvSchema.safeParse(own?.variables)).toMatchObject({ success: true });
    expect(own?.named).toEqual({ WECHAT_PAY_SECRET_ID: 'MerchantSecret' });
    // One resource, and no pattern that the other secret's name would fit.
    expect(own?.statements).toEqual([
      {
        Action: 'secretsmanager:GetSecretValue',
        Effect: 'Allow',
        Resource: {
          'Fn::GetStackOutput': expect.objectContaining({ OutputName: expect.stringContaining('RefMerchantSecret') }),
        },
      },
    ]);
  });
});
