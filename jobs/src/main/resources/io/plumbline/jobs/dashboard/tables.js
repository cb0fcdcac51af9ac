// Reads tables from the Parquet files of the results, column by column, and no file twice.
import { parquetReadObjects } from './hyparquet.min.js'

const files = new Map()
let index = {}

export async function loadIndex() {
  index = await (await fetch('tables.json')).json()
  return index
}

// Rows of a table with the given columns; `where` holds values that columns must have.
// Columns that are folder names choose the files, the rest is filtered row by row.
export async function rows(table, columns, where = {}) {
  const chosen = (index[table] ?? []).filter(file =>
    Object.entries(where).every(([name, value]) => !(name in file.columns) || file.columns[name] === value))
  const parts = await inParallel(chosen, file => rowsOf(file, columns, where))
  return parts.flat()
}

async function rowsOf(file, columns, where) {
  const wanted = [...new Set([...columns, ...Object.keys(where)])].filter(name => !(name in file.columns))
  const found = file.path.startsWith('packs/') && 'run_id' in where
    ? (await byRun(file, wanted)).get(where.run_id) ?? []
    : await parsed(file, wanted)
  return found.filter(row => Object.entries(where).every(([name, value]) => row[name] === value))
}

// A pack has the rows of thousands of runs, and runs are asked for one by one: it is read once.
const packs = new Map()

function byRun(file, columns) {
  const key = `${file.path} ${columns.join(' ')}`
  if (!packs.has(key)) packs.set(key, parsed(file, columns).then(rows => {
    const runs = new Map()
    for (const row of rows) runs.has(row.run_id) ? runs.get(row.run_id).push(row) : runs.set(row.run_id, [row])
    return runs
  }))
  return packs.get(key)
}

async function parsed(file, columns) {
  const hidden = new Set(file.hiddenRuns)
  const names = hidden.size ? [...new Set([...columns, 'run_id'])] : columns
  const found = await parquetReadObjects({ file: await content(file), columns: names })
  return found
    .map(row => ({ ...file.columns, ...numbers(row) }))
    .filter(row => !hidden.has(row.run_id))
}

// Whole numbers of 64 bits come as BigInt; times in ns stay exact up to 104 days.
function numbers(row) {
  for (const name in row) if (typeof row[name] === 'bigint') row[name] = Number(row[name])
  return row
}

function content(file) {
  if (!files.has(file.path)) {
    files.set(file.path, fetch('results/' + file.path.split('/').map(encodeURIComponent).join('/')).then(answer => {
      if (!answer.ok) throw new Error(`${file.path}: ${answer.status}`)
      return answer.arrayBuffer()
    }))
  }
  return files.get(file.path)
}

async function inParallel(items, step) {
  const results = new Array(items.length)
  let next = 0
  const worker = async () => { while (next < items.length) { const i = next++; results[i] = await step(items[i]) } }
  await Promise.all(Array.from({ length: Math.min(8, items.length) }, worker))
  return results
}

// Linearly interpolated, as docs/metrics.md defines it; null of nothing.
export function percentile(values, share) {
  const sorted = values.filter(value => value != null).sort((a, b) => a - b)
  if (!sorted.length) return null
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (at - low) * (sorted[high] - sorted[low])
}
