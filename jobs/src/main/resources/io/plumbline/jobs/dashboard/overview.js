// What there is.
import { rows } from './tables.js'
import { element, number, table, tile } from './parts.js'

const COLUMNS = ['run_id', 'origin', 'engine', 'model', 'device', 'label', 'scheduler', 'predictor', 'requests',
  'completed', 'throughput_tokens_per_second', 'extrapolated_fraction']

export async function overview(place) {
  const [runs, points, summary] = await Promise.all([
    rows('run', COLUMNS), rows('sweep_point', ['sweep']), rows('error_summary', ['comparison_id', 'verdict'])])
  const of = origin => runs.filter(run => run.origin === origin).length
  place.append(
    element('h2', {}, 'What there is'),
    element('div', { class: 'tiles' },
      tile(of('simulated'), 'simulated runs'), tile(of('measured'), 'measured runs'),
      tile(new Set(points.map(point => point.sweep)).size, 'sweeps'),
      tile(new Set(summary.map(row => row.comparison_id)).size, 'comparisons'),
      tile(summary.filter(row => row.verdict === 'FAIL').length, 'of ' + summary.length + ' verdicts fail')),
    table('Runs', [
      ['run', run => run.run_id.slice(0, 12)], ['origin', run => run.origin], ['label', run => run.label],
      ['engine', run => run.engine], ['model', run => run.model], ['device', run => run.device],
      ['scheduler', run => run.scheduler], ['predictor', run => run.predictor],
      ['requests', run => number(run.requests, 0), true],
      ['completed', run => number(run.completed, 0), true],
      ['tokens/s', run => number(run.throughput_tokens_per_second, 1), true],
      ['extrapolated', run => run.extrapolated_fraction == null ? null : number(100 * run.extrapolated_fraction, 1) + ' %', true]
    ], runs))
}
