/** How an error begins that came before anything was written. Whoever is told of it in words alone may go by them. */
export const writesNothing = 'the outbox writes nothing';
