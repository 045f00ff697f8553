/** `34 %`, small shares to a tenth; a share above 1 is never written as 100 %. */
export function percent(share: number): string {
  const text = (100 * share).toFixed(share < 0.1 ? 1 : 0)
  return share > 1 && Number(text) <= 100 ? 'over 100 %' : `${grouped(text)} %`
}

/** `1 core`, `1,200 cores` */
export function many(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`
}

/** Thousands apart. */
export function grouped(value: number | string): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
