/** Colours and type of all pictures; the hues are those of Okabe & Ito, distinct for every kind of colour vision. */
export const THEME = {
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  paper: '#fbfbf9',
  panel: '#ffffff',
  area: '#d5d9de',
  grid: '#e9ecef',
  ink: '#1f2933',
  muted: '#5f6b7a',
  blue: '#0072b2',
  orange: '#e69f00',
  green: '#009e73',
  vermilion: '#d55e00',
  purple: '#aa4f86',
  slate: '#56616e',
} as const
