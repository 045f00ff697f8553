/** Runs a message's delivery, later, in the order handed over per pathway. */
export type Deliver = (message: () => void) => void
