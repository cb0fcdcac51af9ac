// Where the time of requests and iterations goes on either side of a comparison.
import { rows } from './tables.js'
import { chart, choice, element, number, table } from './parts.js'
import { comparisonChoices, comparisons } from './errors.js'

const PARTS = {
  queueing: request => request.queueing_ns,
  prefill: request => request.first_token_ns - request.scheduled_ns,
  decode: request => request.end_ns - request.first_token_ns
}

export async function attribution(place) {
  const all = await comparisons()
  place.append(element('h2', {}, 'What the error is made of'),
    element('p', { class: 'soft' }, 'Means over the requests that completed on both sides. Where a part is off, its side of the house is where to look: '
      + 'queueing is the scheduler and the load, prefill and decode are the predictor.'))
  if (!all.length) {
    place.append(element('p', { class: 'soft' }, 'There is no comparison yet.'))
    return
  }
  const choices = comparisonChoices(all)
  const body = element('div')
  const draw = async id => body.replaceChildren(...await one(all.find(row => row.comparison_id === id)))
  place.append(element('div', { class: 'controls' }, choice('Comparison', choices, choices[0][0], draw)), body)
  await draw(choices[0][0])
}

async function one(comparison) {
  const columns = ['request_id', 'outcome', 'scheduled_ns', 'first_token_ns', 'end_ns', 'queueing_ns', 'e2e_ns']
  const [measured, simulated] = await Promise.all([comparison.reference_run_id, comparison.simulated_run_id]
    .map(id => rows('request_timing', columns, { run_id: id })))
  const ended = new Map(simulated.filter(complete).map(request => [request.request_id, request]))
  const both = measured.filter(request => complete(request) && ended.has(request.request_id))
  if (!both.length) return [element('p', { class: 'soft' }, 'No request is known to have been scheduled and to have completed on both sides.')]
  const mean = (requests, part) => requests.reduce((sum, request) => sum + part(request), 0) / requests.length / 1e6
  const others = both.map(request => ended.get(request.request_id))
  const lines = Object.entries(PARTS).map(([name, part]) => {
    const line = { name, measured: mean(both, part), simulated: mean(others, part) }
    return { ...line, error: line.simulated - line.measured }
  })
  const total = lines.reduce((sum, line) => sum + line.error, 0)
  return [
    chart('Mean time of a request by its parts', {
      xAxis: { name: 'ms', type: 'value' }, yAxis: { type: 'category', data: ['simulated', 'measured'] },
      series: lines.map(line => ({ name: line.name, type: 'bar', stack: 'all', barMaxWidth: 46, data: [line.simulated, line.measured] }))
    }),
    table(`Parts of the error of E2E, mean over ${both.length} requests`, [
      ['part', line => line.name], ['measured, ms', line => number(line.measured, 3), true],
      ['simulated, ms', line => number(line.simulated, 3), true], ['error, ms', line => number(line.error, 3), true],
      ['share of the error, %', line => total === 0 ? null : number(100 * line.error / total, 1), true]
    ], [...lines, { name: 'all', measured: mean(both, request => request.e2e_ns), simulated: mean(others, request => request.e2e_ns), error: total }]),
    ...await iterations(comparison)]
}

const complete = request => request.outcome === 'COMPLETED' && request.scheduled_ns != null && request.first_token_ns != null

async function iterations(comparison) {
  const [measured, simulated] = await Promise.all([comparison.reference_run_id, comparison.simulated_run_id]
    .map(id => rows('iteration_timing', ['duration_ns', 'batch_size', 'host_ns', 'forward_ns'], { run_id: id })))
  if (!measured.length || !simulated.length) return []
  const sizes = [...new Set([...measured, ...simulated].map(row => row.batch_size))].sort((a, b) => a - b)
  const mean = (all, size) => {
    const of = all.filter(row => row.batch_size === size)
    return of.length ? of.reduce((sum, row) => sum + row.duration_ns, 0) / of.length / 1e6 : null
  }
  const lines = sizes.map(size => ({ size, measured: mean(measured, size), simulated: mean(simulated, size) }))
  return [chart('Mean duration of an iteration by its batch size', {
    xAxis: { name: 'requests in the batch', type: 'value', minInterval: 1 }, yAxis: { name: 'ms', type: 'value' },
    series: ['measured', 'simulated'].map(side => ({ name: side, type: 'line', connectNulls: true, symbol: side === 'measured' ? 'circle' : 'diamond', symbolSize: 8, data: lines.map(line => [line.size, line[side]]) }))
  }, table('Iterations', [['batch size', line => line.size, true], ['measured, ms', line => number(line.measured, 3), true],
    ['simulated, ms', line => number(line.simulated, 3), true]], lines))]
}
