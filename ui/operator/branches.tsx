import type { RegionView } from '../../protocol/api/centre.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { Empty } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, language, t } from '../shared/language.ts';
import { localesOf } from '../shared/languages.ts';
import { type Condition, conditionOf, sortByTrouble } from './trouble-order.ts';

const conditionTone = { trouble: 'trouble', attention: 'attention', fine: 'serving' } as const;
const conditionWord = {
  trouble: 'operator.trouble-word',
  attention: 'operator.attention-word',
  fine: 'operator.fine-word',
} as const satisfies Record<Condition, string>;

export function Branches({ view }: { view: RegionView }) {
  if (view.boxes.length === 0) return <Empty icon="link">{t('operator.branches-empty')}</Empty>;
  return (
    <ScrollArea class="table-frame" label={t('operator.branches')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('operator.branch')}</th>
            <th scope="col">{t('operator.condition')}</th>
            <th scope="col">{t('operator.link')}</th>
            <th scope="col" class="number-cell">
              {t('operator.col.waiting')}
            </th>
            <th scope="col" class="number-cell">
              {t('operator.col.serving')}
            </th>
            <th scope="col" class="number-cell">
              {t('operator.col.served')}
            </th>
            <th scope="col" class="number-cell">
              {t('operator.col.facts')}
            </th>
            <th scope="col" class="number-cell">
              {t('operator.col.missing')}
            </th>
            <th scope="col">{t('operator.col.software')}</th>
          </tr>
        </thead>
        <tbody>
          {sortByTrouble(view.boxes).map(box => (
            <BranchRow key={box.box} box={box} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

type Box = RegionView['boxes'][number];

function BranchRow({ box }: { box: Box }) {
  const condition = conditionOf(box);
  const figure = (value: number) => value.toLocaleString(localesOf(language.value));
  return (
    <tr class={condition}>
      <th scope="row">
        {inLanguage(box.name)}
        <small>{box.box}</small>
      </th>
      <td>
        <StatusDot tone={conditionTone[condition]}>{t(conditionWord[condition])}</StatusDot>
      </td>
      <td>
        {t(`operator.link.${box.link}`)}
        {box.since !== null && <small>{t('operator.since', { time: showDayAndTime(box.since) })}</small>}
      </td>
      <td class="number-cell large">{figure(box.waiting)}</td>
      <td class="number-cell">{figure(box.serving)}</td>
      <td class="number-cell">{figure(box.servedToday)}</td>
      <td class="number-cell">
        {figure(box.facts)}
        <OutboxLine outbox={box.outbox} />
      </td>
      <td class={`number-cell ${box.missing > 0 ? 'alarming' : ''}`}>{figure(box.missing)}</td>
      <td>{box.software ?? '—'}</td>
    </tr>
  );
}

/** What the branch itself said last: nothing when all is well. */
function OutboxLine({ outbox }: { outbox: Box['outbox'] }) {
  if (!outbox) return null;
  const { unsent, dropped, refused, intake } = outbox;
  const words = [
    unsent > 0 && t('operator.outbox-unsent', { count: unsent }),
    dropped > 0 && t('operator.outbox-dropped', { count: dropped }),
    (intake !== null || refused > 0) && t('operator.outbox-refused', { count: refused }),
  ].filter(word => word !== false);
  if (words.length === 0) return null;
  return <small class={intake ? 'alarming' : ''}>{words.join(', ')}</small>;
}
