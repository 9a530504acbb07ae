/** A colour of a legend, as the map is filled. */
import type { Fill } from './fill.ts'

export const Swatch = ({ fill }: { readonly fill: Fill }) => (
  <i class={`swatch ${fill.kind}`} data-fill={fill.kind} style={{ color: fill.colour }} />
)
