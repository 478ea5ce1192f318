export type Note = (text: string) => void;

const HEARTBEAT_MS = 15_000;
const SILENT_MS = 5_000;

/**
 * Runs `work` under a title on stderr, one step at a time. A terminal gets a live line with the seconds and the latest
 * note; a log file gets a heartbeat from long steps and one line at the end.
 */
export async function step<T>(title: string, work: (note: Note) => Promise<T>): Promise<T> {
  const started = Date.now();
  const elapsed = () => Date.now() - started;
  const show = process.stderr.isTTY ? liveLine(title, elapsed) : heartbeat(title, elapsed);
  try {
    const result = await work(show.note);
    show.end(`${paint('✓', GREEN)} ${title} (${seconds(elapsed())})`);
    return result;
  } catch (error) {
    show.end(`${paint('✗', RED)} ${title} (${seconds(elapsed())})`);
    throw error;
  }
}

type Display = { note: Note; end: (line: string) => void };

function liveLine(title: string, elapsed: () => number): Display {
  let latest = '';
  const draw = () => {
    const line = `… ${title}${latest && `, ${latest}`}, ${Math.floor(elapsed() / 1_000)} s`;
    // A line that wraps could not be taken back.
    process.stderr.write(`${CLEAR_LINE}${line.slice(0, (process.stderr.columns || 80) - 1)}`);
  };
  draw();
  const timer = setInterval(draw, 1_000);
  return {
    note: (text) => {
      latest = text;
      draw();
    },
    end: (line) => {
      clearInterval(timer);
      process.stderr.write(`${CLEAR_LINE}${line}\n`);
    },
  };
}

function heartbeat(title: string, elapsed: () => number): Display {
  let latest = '';
  const beat = () => process.stderr.write(`… ${title}${latest && `, ${latest}`}, ${Math.round(elapsed() / 1_000)} s\n`);
  const first = setTimeout(beat, SILENT_MS);
  const timer = setInterval(beat, HEARTBEAT_MS);
  return {
    note: (text) => {
      latest = text;
    },
    end: (line) => {
      clearTimeout(first);
      clearInterval(timer);
      process.stderr.write(`${line}\n`);
    },
  };
}

const CLEAR_LINE = '\r\u001b[K';
const GREEN = 32;
const RED = 31;

function paint(text: string, colour: number): string {
  return process.stderr.isTTY && !process.env['NO_COLOR'] ? `\u001b[${colour}m${text}\u001b[39m` : text;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
