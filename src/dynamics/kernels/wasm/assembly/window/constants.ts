/**
 * Pairs of constants, which engines load faster than they make them: a vector in the code is put together from immediate
 * operands wherever it stands.
 */
const NUMBERS: usize = memory.data<f64>([
  // Taylor's coefficients of the exponential function.
  1, 1, 0.5, 0.5, 0.16666666666666666, 0.16666666666666666, 0.041666666666666664, 0.041666666666666664,
  0.008333333333333333, 0.008333333333333333, 0.001388888888888889, 0.001388888888888889, 0.0001984126984126984,
  0.0001984126984126984, 0.0000248015873015873, 0.0000248015873015873, 0.0000027557319223985893,
  0.0000027557319223985893,
])
export const ONE: usize = 0
export const HALF: usize = 16
export const THIRD_OF_HALF: usize = 32
export const PER_24: usize = 48
export const PER_120: usize = 64
export const PER_720: usize = 80
export const PER_5040: usize = 96
export const PER_40320: usize = 112
export const PER_362880: usize = 128

const WORDS: usize = memory.data<i32>([
  // Multipliers of Philox; the numbers of lanes.
  0xd2511f53, 0xd2511f53, 0xd2511f53, 0xd2511f53, 0xcd9e8d57, 0xcd9e8d57, 0xcd9e8d57, 0xcd9e8d57, 0, 1, 2, 3,
])
export const MULTIPLIER_0: usize = 0
export const MULTIPLIER_1: usize = 16
export const LANES: usize = 32

export function numbers(place: usize): v128 {
  return v128.load(NUMBERS + place)
}
export function words(place: usize): v128 {
  return v128.load(WORDS + place)
}
