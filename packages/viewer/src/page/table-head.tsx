/** The head of a table: what it is a table of stands left, figures right. */
export function TableHead({ heads }: { readonly heads: readonly string[] }) {
  return (
    <thead>
      <tr>
        {heads.map((head, place) => (
          <th key={head} class={place === 0 ? '' : 'number'}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
  )
}
