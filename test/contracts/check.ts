/** How a contract states one of its promises: jest's `it`, or one that knows where a back end is known to differ. */
export type Check = (title: string, promise: () => Promise<void>) => void;
