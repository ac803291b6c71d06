import { showDayAndTime } from '../shared/clock.ts';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { centreCaseTone } from './case-state.ts';
import { caseId, cases, region, showCase } from './store.ts';

export function Cases() {
  return (
    <Loaded held={cases.held.value} onRetry={() => void cases.refresh()} rows={6}>
      {lines =>
        lines.length === 0 ? (
          <Empty icon="page">{t('operator.cases-empty')}</Empty>
        ) : (
          <div class="table-frame">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('operator.col.case')}</th>
                  <th scope="col">{t('operator.col.state')}</th>
                  <th scope="col">{t('operator.col.service')}</th>
                  <th scope="col">{t('operator.col.agency')}</th>
                  <th scope="col">{t('operator.registration')}</th>
                  <th scope="col">{t('operator.branch')}</th>
                  <th scope="col">{t('operator.col.opened')}</th>
                </tr>
              </thead>
              <tbody>
                {lines.map(line => (
                  <tr key={line.caseId} class={line.caseId === caseId.value ? 'chosen' : ''}>
                    <th scope="row">
                      <button
                        type="button"
                        class="link"
                        aria-pressed={line.caseId === caseId.value}
                        onClick={() => showCase(line.caseId)}
                      >
                        {line.number}
                      </button>
                    </th>
                    <td>
                      <StatusDot tone={centreCaseTone(line)}>{t(`operator.state.${line.state}`)}</StatusDot>
                      {line.trouble && <small>{line.trouble.code}</small>}
                    </td>
                    <td>{inLanguage(line.serviceTitle)}</td>
                    <td>{inLanguage(line.agency)}</td>
                    <td>{line.registrationNumber ?? t('operator.not-registered')}</td>
                    <td>{branchName(line.box)}</td>
                    <td>
                      <time>{showDayAndTime(line.openedAt)}</time>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Loaded>
  );
}

export function branchName(box: string): string {
  const found = heldValue(region)?.boxes.find(one => one.box === box);
  return found ? inLanguage(found.name) : box;
}
