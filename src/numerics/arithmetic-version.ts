/** Version of everything a bit may depend on: functions, orders of sums, randomness. Peers with another are refused. */
export const ARITHMETIC_VERSION = 9
