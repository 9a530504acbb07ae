/** A decimal number as text with thousands separators in its whole part: `1,234.5678`. */
export function digitGroups(value: string): string {
  const [whole = '', fraction] = value.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
