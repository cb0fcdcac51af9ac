// One run: percentiles, what ran when, operators.
import { percentile, rows } from './tables.js'
import { chart, choice, element, ms, number, table } from './parts.js'

export async function oneRun(place) {
  const runs = await rows('run', ['run_id', 'origin', 'engine', 'model', 'device', 'label'])
  place.append(element('h2', {}, 'One run'))
  if (!runs.length) {
    place.append(element('p', { class: 'soft' }, 'There is no run yet: ./plumbline quickstart makes some.'))
    return
  }
  const choices = runs.map(run => [run.run_id, `${run.label ?? run.run_id.slice(0, 12)}: ${run.origin}, ${run.model ?? '?'} on ${run.device ?? '?'}`])
  const body = element('div')
  const draw = async id => body.replaceChildren(...await views(id))
  place.append(element('div', { class: 'controls' }, choice('Run', choices, choices[0][0], draw)), body)
  await draw(choices[0][0])
}

async function views(id) {
  const where = { run_id: id }
  const [requests, iterations, operators] = await Promise.all([
    rows('request_timing', ['ttft_ns', 'tpot_ns', 'e2e_ns', 'queueing_ns', 'preemptions', 'outcome'], where),
    rows('iteration_timing', ['start_ns', 'duration_ns', 'stage', 'batch_size', 'kv_blocks_used', 'prefill_tokens', 'decode_tokens'], where),
    rows('operator_time', ['operator', 'call_ns', 'calls'], where)])
  const lines = [['TTFT', 'ttft_ns'], ['TPOT', 'tpot_ns'], ['E2E', 'e2e_ns'], ['queueing', 'queueing_ns']]
    .map(([title, column]) => ({ title, values: requests.map(request => request[column]) }))
  const preemptions = requests.reduce((sum, request) => sum + request.preemptions, 0)
  return [
    element('p', { class: 'soft' }, `${requests.length} requests, ${requests.filter(r => r.outcome === 'COMPLETED').length} completed, ${preemptions} preemptions.`),
    table('Percentiles, ms', [['metric', line => line.title],
      ...[50, 90, 95, 99].map(p => ['P' + p, line => number(ms(percentile(line.values, p / 100)), 3), true])], lines),
    ...timeline(iterations), ...costs(operators)]
}

function timeline(iterations) {
  if (!iterations.length) return [element('p', { class: 'soft' }, 'It recorded no iterations.')]
  const first = iterations.filter(row => row.stage === 0).sort((a, b) => a.start_ns - b.start_ns)
  // More points than the chart has pixels show nothing more.
  const every = Math.ceil(first.length / 2000)
  const shown = first.filter((_, i) => i % every === 0)
  const points = column => shown.map(row => [row.start_ns / 1e9, row[column]])
  const series = [['requests in the batch', 'batch_size'], ['KV blocks in use', 'kv_blocks_used']]
    .filter(([, column]) => shown.some(row => row[column] != null))
  return series.map(([name, column]) => chart(name + ' over time', {
    xAxis: { name: 's', type: 'value', scale: true }, yAxis: { type: 'value', minInterval: 1 },
    series: [{ name, type: 'line', step: 'end', showSymbol: shown.length < 60, data: points(column) }]
  }, table('Iterations', [['start, s', row => number(row.start_ns / 1e9, 3), true], ['duration, ms', row => number(ms(row.duration_ns), 3), true],
    ['requests', row => row.batch_size, true], ['prompt tokens', row => row.prefill_tokens, true], ['KV blocks', row => row.kv_blocks_used, true]], shown, 50)))
}

function costs(operators) {
  const totals = new Map()
  for (const row of operators) totals.set(row.operator, (totals.get(row.operator) ?? 0) + row.call_ns * row.calls)
  const all = [...totals.values()].reduce((a, b) => a + b, 0)
  const lines = [...totals].filter(([, nanos]) => nanos > 0).sort((a, b) => b[1] - a[1])
  if (!lines.length) return []
  const top = lines.slice(0, 12).reverse()
  return [chart('What operators took', {
    legend: { show: false }, xAxis: { name: 'ms', type: 'value' }, yAxis: { type: 'category', data: top.map(([name]) => name) },
    series: [{ type: 'bar', data: top.map(([, nanos]) => nanos / 1e6) }]
  }, table('Operators', [['operator', line => line[0]], ['ms', line => number(ms(line[1]), 3), true],
    ['share, %', line => number(100 * line[1] / all, 1), true]], lines))]
}
