// Points of a sweep against each other.
import { percentile, rows } from './tables.js'
import { chart, choice, element, ms, number, table } from './parts.js'

const METRICS = {
  tokens: ['output tokens/s', point => point.run.throughput_tokens_per_second],
  perDevice: ['output tokens/s per device', point => point.run.throughput_tokens_per_second / devices(point.run)],
  requests: ['requests/s', point => point.run.throughput_requests_per_second],
  ttft50: ['TTFT P50, ms', point => ms(percentile(point.requests.map(r => r.ttft_ns), 0.5))],
  ttft99: ['TTFT P99, ms', point => ms(percentile(point.requests.map(r => r.ttft_ns), 0.99))],
  tpot50: ['TPOT P50, ms', point => ms(percentile(point.requests.map(r => r.tpot_ns), 0.5))],
  tpot99: ['TPOT P99, ms', point => ms(percentile(point.requests.map(r => r.tpot_ns), 0.99))],
  e2e99: ['E2E P99, ms', point => ms(percentile(point.requests.map(r => r.e2e_ns), 0.99))]
}
const MOST_POINTS = 400

const devices = run =>
  run.devices ?? (run.replicas ?? 1) * (run.tensor_parallel ?? 1) * (run.pipeline_parallel ?? 1)

export async function sweeps(place) {
  const all = await rows('sweep_point', ['sweep', 'run_id', 'position', 'axes_json'])
  const names = [...new Set(all.map(point => point.sweep))].sort()
  place.append(element('h2', {}, 'Sweeps'))
  if (!names.length) {
    place.append(element('p', { class: 'soft' }, 'There is no sweep yet: ./plumbline sweep FILE.yaml makes one.'))
    return
  }
  const runs = new Map((await rows('run', ['run_id', 'throughput_tokens_per_second', 'throughput_requests_per_second',
    'replicas', 'tensor_parallel', 'pipeline_parallel', 'rejected', 'unfinished'])).map(run => [run.run_id, run]))
  for (const replica of await rows('pool_replica', ['run_id', 'tensor_parallel', 'pipeline_parallel'])) {
    const run = runs.get(replica.run_id)
    if (run) run.devices = (run.devices ?? 0) + replica.tensor_parallel * replica.pipeline_parallel
  }
  const state = { sweep: names[0], x: 'tokens', y: 'ttft99', by: null }
  const body = element('div')
  const controls = element('div', { class: 'controls' })
  place.append(controls, body)
  const draw = async () => {
    const points = await read(all, runs, state.sweep)
    const axes = [...new Set(points.flatMap(point => Object.keys(point.axes)))]
    if (!axes.includes(state.by)) state.by = axes[0] ?? ''
    const set = name => value => { state[name] = value; draw() }
    const metrics = Object.entries(METRICS).map(([name, [title]]) => [name, title])
    controls.replaceChildren(
      choice('Sweep', names.map(name => [name, name]), state.sweep, set('sweep')),
      choice('Across', metrics, state.x, set('x')), choice('Upwards', metrics, state.y, set('y')),
      choice('Colour', axes.map(axis => [axis, axis]), state.by, set('by')))
    body.replaceChildren(...views(points, axes, state))
  }
  await draw()
}

async function read(all, runs, sweep) {
  const points = all.filter(point => point.sweep === sweep && runs.has(point.run_id))
    .sort((a, b) => a.position - b.position).slice(0, MOST_POINTS)
  const wanted = new Set(points.map(point => point.run_id))
  const byRun = new Map()
  // One by one where runs have files of their own; a file of many runs is read once and kept.
  for (const id of wanted) byRun.set(id, rows('request_timing', ['run_id', 'ttft_ns', 'tpot_ns', 'e2e_ns'], { run_id: id }))
  return Promise.all(points.map(async point => ({
    ...point, run: runs.get(point.run_id), axes: JSON.parse(point.axes_json), requests: await byRun.get(point.run_id) })))
}

const cell = value => typeof value === 'object' ? JSON.stringify(value) : String(value ?? '–')

function views(points, axes, state) {
  const [xTitle, x] = METRICS[state.x]
  const [yTitle, y] = METRICS[state.y]
  const groups = Map.groupBy ? Map.groupBy(points, point => cell(point.axes[state.by])) : grouped(points, state.by)
  const series = [...groups].map(([name, members]) => ({
    name, type: 'scatter', symbolSize: 11,
    data: members.map(point => ({ value: [x(point), y(point)], name: axes.map(axis => `${axis}: ${cell(point.axes[axis])}`).join('\n') }))
  }))
  const shown = table('Points; those that left requests behind are marked *', [
    ...axes.map(axis => [axis, point => cell(point.axes[axis])]),
    ...Object.values(METRICS).map(([title, value]) => [title, point => number(value(point), 2), true]),
    ['left behind', point => point.run.rejected + point.run.unfinished > 0 ? '* ' + (point.run.rejected + point.run.unfinished) : '0', true]
  ], points)
  return [
    chart(`${yTitle} over ${xTitle}, by ${state.by}`, {
      xAxis: { name: xTitle, type: 'value', scale: true }, yAxis: { name: yTitle, type: 'value', scale: true }, series,
      tooltip: { trigger: 'item', confine: true, formatter: p => escaped(p.name) + `<br>${escaped(xTitle)}: ${number(p.value[0])}<br>${escaped(yTitle)}: ${number(p.value[1])}` }
    }),
    shown]
}

function grouped(points, by) {
  const groups = new Map()
  for (const point of points) {
    const name = cell(point.axes[by])
    groups.set(name, [...(groups.get(name) ?? []), point])
  }
  return groups
}

const escaped = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')
