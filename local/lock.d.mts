export function withLock<T>(lock: string, onWait: (owner: number) => void, work: () => Promise<T>): Promise<T>;
export function isAlive(pid: number): boolean;
