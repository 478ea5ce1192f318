import { appendFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import path from 'node:path';
import { calledActions } from './called-actions.ts';
import { onRequest } from './on-request.ts';

/**
 * Loaded into the processes of functions (`--import`), before their code, by whoever wants to know what they call: notes each IAM action once, in
 * a file of the process. What it is noted for is the function's folder.
 */
const { RECORDED_CALLS: folder, RECORDED_ACCOUNT: account, POWERTOOLS_SERVICE_NAME: service } = process.env;
/** Tests deploy other stages, too, whose functions are granted other things. A function's key is its account, on the local AWS. */
const isElsewhere = account !== undefined && process.env['AWS_ACCESS_KEY_ID'] !== account;
const noted = new Set<string>();

function note(request: ClientRequest, body: string): void {
  const call = {
    userAgent: String(request.getHeader('user-agent') ?? ''),
    target: String(request.getHeader('x-amz-target') ?? ''),
    method: request.method,
    path: request.path,
    body,
  };
  for (const action of calledActions(call)) {
    if (isElsewhere || noted.has(action) || folder === undefined || service === undefined) continue;
    noted.add(action);
    appendFileSync(path.join(folder, `${process.pid}.txt`), `${service} ${action}\n`);
  }
}

// What a request is about stands in its body, for some services.
onRequest(note);
