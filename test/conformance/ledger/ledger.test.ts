import { readFileSync } from 'node:fs';
import { ledgerDocument } from './document.ts';
import { evidence, runsAlways } from './evidence.ts';
import { sections } from './rules.ts';

/** How many rules each section has, 4.1 first: 4.1.1 to 4.1.14, …, 4.11.1 to 4.11.7. */
const rulesPerSection = [14, 11, 6, 10, 32, 16, 6, 9, 10, 5, 7];
const allIds = rulesPerSection.flatMap((count, section) =>
  Array.from({ length: count }, (_, at) => `4.${section + 1}.${at + 1}`),
);

const rules = sections.flatMap((section) => section.rules);
const found = evidence();
const always = new Set(found.filter(runsAlways).flatMap((one) => one.rules));

describe('the ledger', () => {
  it('has every rule once, in order', () => {
    expect(rules.map(({ id }) => id)).toEqual(allIds);
    expect(sections.flatMap(({ number, rules }) => rules.filter(({ id }) => !id.startsWith(`${number}.`)))).toEqual([]);
  });

  it('has a test for every rule that is exact or approximate', () => {
    const held = rules.filter(({ verdict }) => verdict === 'exact' || verdict === 'approximate');

    expect(held.map(({ id }) => id).filter((id) => !always.has(id))).toEqual([]);
  });

  it('has a reason for whatever is not exact', () => {
    expect(rules.filter(({ verdict, reason }) => (verdict === 'exact') !== (reason === undefined))).toEqual([]);
  });

  it('knows every rule that a test cites', () => {
    const unknown = found.flatMap((one) =>
      one.rules.filter((id) => !allIds.includes(id)).map((id) => ({ id, ...one })),
    );

    expect(unknown).toEqual([]);
  });

  it('is what docs/conformance.md says; else run `npm run ledger`', () => {
    const page = readFileSync(new URL('../../../docs/conformance.md', import.meta.url), 'utf8');

    expect(page).toBe(ledgerDocument(sections, found));
  });
});
