import { UsageError } from '../../../../bin/warren/io.ts';
import { stageConfig } from '../../../../bin/warren/publish/destination.ts';
import { rejectionOf } from '../../lambdas/builders.ts';

describe('a stage that there is not', () => {
  it('is named with those there are, before AWS is asked', async () => {
    const error = await rejectionOf(stageConfig('prd'));

    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain("'prd' is not a stage: there are local, dev, prod");
  });
});
