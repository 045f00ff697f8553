import type { Direction } from '../routing/link.js'

/** How busy something is that packets pass. */
export interface Load {
  /** Of the whole run. */
  readonly packets: number
  /** In its busiest window. */
  readonly most: number
  /** The first of these: its trial, and when it begins, ms. */
  readonly trial: number
  readonly start: number
  /** Packets that it carries in a window; null: unknown. */
  readonly capacity: number | null
}

/** A link in one direction. Places are routers, counted over all chips: tiles, or chips where these are crossbars. */
export interface LinkLoad extends Load {
  readonly from: { readonly x: number; readonly y: number }
  readonly to: { readonly x: number; readonly y: number }
  readonly direction: Direction
  readonly level: 'betweenTiles' | 'betweenChips'
}

/** All links of a chip to others, outwards. */
export interface ChipLoad extends Load {
  readonly chip: number
}

/** How full links are, in windows of model time. */
export interface ChipCongestion {
  /** Name of the profile. */
  readonly profile: string
  /** ms. */
  readonly window: number
  /** Of all trials. */
  readonly windows: number
  /** Links in use, the busiest first. */
  readonly links: readonly LinkLoad[]
  readonly chips: readonly ChipLoad[]
  /** Pairs of a link, or a chip, and a window with more packets than it carries, as far as that is known. */
  readonly overCapacity: number
  /** Fields of the profile's `links` that are unknown though packets pass such links. */
  readonly unknown: readonly string[]
}
