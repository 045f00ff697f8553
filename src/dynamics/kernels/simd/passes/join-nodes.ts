/** Node after node, first the values of one and then those of the other. */
export function joinNodes(nodes: number, first: Float64Array, second: Float64Array): Float64Array {
  const [ofFirst, ofSecond] = [first.length / nodes, second.length / nodes]
  const joined = new Float64Array(first.length + second.length)
  for (let node = 0; node < nodes; node++) {
    joined.set(first.subarray(node * ofFirst, (node + 1) * ofFirst), node * (ofFirst + ofSecond))
    joined.set(second.subarray(node * ofSecond, (node + 1) * ofSecond), node * (ofFirst + ofSecond) + ofFirst)
  }
  return joined
}
