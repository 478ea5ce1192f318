import type { WebhookKind } from './env.ts';

/**
 * What each takes in one text, in bytes: WeCom documents 2,048 and DingTalk and Feishu 20,000 for a whole request; Slack cuts after 40,000
 * characters. Below them, for what JSON adds.
 */
const mostBytes: Readonly<Record<WebhookKind, number>> = {
  slack: 10_000,
  wecom: 2_048,
  dingtalk: 10_000,
  feishu: 10_000,
};

/** The text as the group's robot wants it. */
export function webhookBody(kind: WebhookKind, whole: string): unknown {
  const text = shortened(whole, mostBytes[kind]);
  switch (kind) {
    case 'slack':
      // Its three control characters (Slack, formatting text): a name must not become a link or a mention.
      return { text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') };
    case 'wecom':
    case 'dingtalk':
      return { msgtype: 'text', text: { content: text } };
    case 'feishu':
      return { msg_type: 'text', content: { text: text.replaceAll('<', '＜') } };
    default:
      return kind satisfies never;
  }
}

/** Cut between characters: half of one is none. */
function shortened(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  const end = '…';
  let bytes = Buffer.byteLength(end);
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    kept += character;
  }
  return kept + end;
}
