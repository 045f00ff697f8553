/** Which of the threads that share a memory this instance belongs to, from 0: each has room of its own in some regions. */
export let thread: usize = 0

export function setThread(number: usize): void {
  thread = number
}
