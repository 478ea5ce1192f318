import { existsSync } from 'node:fs';
import path from 'node:path';
import { createMerchantKeys, writeKeys } from './merchant-keys.ts';

const usage = `npm run simulator-keys -- FILE: makes a test merchant. FILE gets both halves of its keys (keep it to yourself),
the endings .secret.json and .merchant-key.secret.json what the merchant's two secrets in Secrets Manager must hold.
`;

const [file, ...rest] = process.argv.slice(2);
if (file === '--help') {
  console.log(usage);
} else if (!file || rest.length > 0 || file.startsWith('-')) {
  console.error(`${file ? `${[file, ...rest].join(' ')} is not one file.` : 'Which file?'}\n\n${usage}`);
  process.exitCode = 2;
} else if (existsSync(file)) {
  console.error(`${file} exists already; delete it, or name another file.`);
  process.exitCode = 1;
} else if (!existsSync(path.dirname(file))) {
  console.error(`There is no folder ${path.dirname(file)}.`);
  process.exitCode = 1;
} else {
  const keys = createMerchantKeys();
  const secretFile = file.replace(/(\.json)?$/, '.secret.json');
  const keyFile = file.replace(/(\.json)?$/, '.merchant-key.secret.json');
  writeKeys(file, keys);
  writeKeys(secretFile, keys.secret);
  writeKeys(keyFile, keys.merchantKey);
  console.log(`${file}, ${secretFile} and ${keyFile} written. Give the functions the merchant's half with:

  aws secretsmanager put-secret-value --secret-id <MerchantSecretId> --secret-string file://${secretFile}
  aws secretsmanager put-secret-value --secret-id <MerchantKeySecretId> --secret-string file://${keyFile}
`);
}
