/** Any loss: its kind, and the group that it looks at. */
export interface AnyLoss {
  readonly kind: string
  readonly group: string
}
