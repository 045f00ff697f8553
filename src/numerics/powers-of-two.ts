/** The place of 2^0 in POWERS_OF_TWO. */
export const POWER_ZERO = 1074

/** 2^k at index k + POWER_ZERO, for every k that a double can hold: -1074 … 1023. */
export const POWERS_OF_TWO: Float64Array = powersOfTwo()

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(POWER_ZERO + 1024)
  let power = Number.MIN_VALUE
  for (let i = 0; i < powers.length; i++) {
    powers[i] = power
    power *= 2
  }
  return powers
}
