/**
 * What the merchant does to a request, if not its work and 200. `…-after-work`: the work is done, and its caller is not told so. `late`:
 * neither, for three seconds. `refuse`: the request is wrong. `refuse-order`: this order will never be fulfilled, whenever it is asked. `hang`: it never answers, and the work ends half a second after its caller has given up. The others do no work.
 */
export const behaviours = [
  'work',
  'fail-after-work',
  'drop-after-work',
  'huge-answer-after-work',
  'late',
  'hang',
  'unavailable',
  'busy',
  'redirect',
  'refuse',
  'refuse-order',
] as const;
export type Behaviour = (typeof behaviours)[number];

/** One request, as it came and was answered. */
export interface Seen {
  readonly at: string;
  readonly out_trade_no: string;
  readonly idempotency_key: string | undefined;
  readonly body: unknown;
  /** Its work was done for it: not before, and not for another request with its key. */
  effect: boolean;
  answer: number | 'hung' | 'dropped';
}

export interface Reply {
  readonly answer: Seen['answer'];
  readonly headers?: Readonly<Record<string, string>>;
  readonly afterMs?: number;
  readonly body?: unknown;
  readonly isEndless?: boolean;
  /** To be called some time after the caller has given up. */
  readonly workOn?: () => void;
}

export const retryAfterSeconds = 7;

const refusal = { outcome: 'refused', code: 'OUT_OF_RANGE' };

/** What a merchant does who keys work by `Idempotency-Key`: one effect per key; 409 while it is worked on, 422 with other content. */
export function createFulfilments(): (seen: Seen, behaviour: Behaviour) => Reply {
  const refused = new Set<string>();
  const works = new Map<string, { readonly content: string; isDone: boolean }>();

  /** The status for it, and how its work ends if it is new. */
  function begin(seen: Seen): { readonly status: number; readonly finish: () => void } {
    const content = JSON.stringify(seen.body);
    // Without a key every request is new work.
    const key = seen.idempotency_key ?? `no key: ${works.size}`;
    const known = works.get(key);
    if (known) return { status: statusOfRepeat(known, content), finish: () => {} };
    const work = { content, isDone: false };
    works.set(key, work);
    const finish = () => {
      work.isDone = true;
      seen.effect = true;
    };
    return { status: 200, finish };
  }

  function work(seen: Seen): number {
    const { status, finish } = begin(seen);
    finish();
    return status;
  }

  /** For good: whoever asks again under the key hears the same. */
  function refuse({ idempotency_key }: Seen): object {
    if (idempotency_key !== undefined) refused.add(idempotency_key);
    return refusal;
  }

  const replies: Readonly<Record<Behaviour, (seen: Seen) => Reply>> = {
    work: (seen) => ({ answer: work(seen) }),
    'fail-after-work': (seen) => ({ answer: work(seen) && 500 }),
    'drop-after-work': (seen) => ({ answer: work(seen) && 'dropped' }),
    'huge-answer-after-work': (seen) => ({ answer: work(seen), isEndless: true }),
    late: (seen) => ({ answer: work(seen), afterMs: 3_000 }),
    hang: (seen) => ({ answer: 'hung', workOn: begin(seen).finish }),
    unavailable: () => ({ answer: 503 }),
    busy: () => ({ answer: 429, headers: { 'retry-after': String(retryAfterSeconds) } }),
    redirect: () => ({ answer: 307, headers: { location: '/fulfilments' } }),
    refuse: () => ({ answer: 400 }),
    'refuse-order': (seen) => ({ answer: 422, body: refuse(seen) }),
  };
  return (seen, behaviour) =>
    seen.idempotency_key !== undefined && refused.has(seen.idempotency_key)
      ? { answer: 422, body: refusal }
      : replies[behaviour](seen);
}

function statusOfRepeat(known: { readonly content: string; readonly isDone: boolean }, content: string): number {
  if (known.content !== content) return 422;
  return known.isDone ? 200 : 409;
}
