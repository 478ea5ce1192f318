/** What setup cannot mend by itself. The message is for the person at the terminal, so it comes without a stack. */
export class SetupError extends Error {}
