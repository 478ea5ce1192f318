import type { Citation } from './cited-rules.ts';
import type { Rule, Section, Verdict } from './rule.ts';

const verdicts: readonly Verdict[] = ['exact', 'approximate', 'not possible', 'not built yet'];

/** docs/conformance.md, as Markdown. */
export function ledgerDocument(sections: readonly Section[], evidence: readonly Citation[]): string {
  const rules = sections.flatMap((section) => section.rules);
  const lines = [
    '# Conformance with RabbitMQ',
    '',
    'What RabbitMQ does, rule by rule, what Warren does of it, and the tests that hold it. Written by `npm run ledger` from',
    '`test/conformance/ledger/` and the titles of the tests: change those, not this page. A test fails when it is stale.',
    '',
    'Sources are files of RabbitMQ’s server and pages of its documentation. “Not built yet” is all of a rule or a part of it: the',
    'reason says which. A rule that is exact or approximate has a test that runs with every change; “live comparison” is the run',
    'against real brokers, `npm run conformance:live`.',
    '',
    ...table(
      ['Verdict', 'Rules'],
      [
        ...verdicts.map((verdict) => [verdict, String(rules.filter((rule) => rule.verdict === verdict).length)]),
        ['all', String(rules.length)],
      ],
    ),
  ];
  for (const { number, title, rules } of sections) {
    lines.push('', `## ${number} ${title}`, '');
    const rows = rules.map((rule) => [
      rule.id,
      rule.text,
      sourcesOf(rule),
      rule.reason === undefined ? rule.verdict : `**${rule.verdict}**: ${rule.reason}`,
      testsOf(rule, evidence),
    ]);
    lines.push(...table(['Rule', 'RabbitMQ', 'Source', 'Warren', 'Tests'], rows));
  }
  return `${lines.join('\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(inCell).join(' | ')} |`);
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function sourcesOf({ source }: Rule): string {
  return source
    .split(', ')
    .map((one) => (one.startsWith('docs/') ? `[${one}](https://www.rabbitmq.com/${one})` : asText(one)))
    .join(', ');
}

function testsOf({ id }: Rule, evidence: readonly Citation[]): string {
  const tests = evidence
    .filter(({ rules }) => rules.includes(id))
    .map(({ file, title }) =>
      file.endsWith('.test.ts') ? `[${nameOf(file)}](../${file}) › ${asText(title)}` : `[${asText(title)}](../${file})`,
    );
  return [...new Set(tests)].join('<br>');
}

function nameOf(file: string): string {
  return asText(file.split('/').at(-1) ?? file);
}

/** What Markdown would take for marks. */
function asText(text: string): string {
  return text.replaceAll(/[\\`*_<>#[\]]/g, (mark) => `\\${mark}`);
}
