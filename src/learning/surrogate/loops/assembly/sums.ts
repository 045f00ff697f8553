/** to += row, both `bytes` long. */
export function addRow(to: usize, row: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(row + at)))
}

/** The sum of a[n] b[n], both `bytes` long. */
export function multiplyRows(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0)
  for (let at: usize = 0; at < bytes; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)))
  const left = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1)
  return left + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
}

/** to += sum over r of factors[r] · row r, four rows at once. `count` is a multiple of four. */
export function addWeightedRows(to: usize, rows: usize, factors: usize, count: i32, bytes: usize): void {
  for (let r = 0; r < count; r += 4) {
    const a = v128.load32_splat(factors, 0)
    const b = v128.load32_splat(factors, 4)
    const c = v128.load32_splat(factors, 8)
    const d = v128.load32_splat(factors, 12)
    const second = rows + bytes
    const third = second + bytes
    const fourth = third + bytes
    for (let at: usize = 0; at < bytes; at += 16) {
      const left = f32x4.add(f32x4.mul(a, v128.load(rows + at)), f32x4.mul(b, v128.load(second + at)))
      const right = f32x4.add(f32x4.mul(c, v128.load(third + at)), f32x4.mul(d, v128.load(fourth + at)))
      v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.add(left, right)))
    }
    factors += 16
    rows = fourth + bytes
  }
}
