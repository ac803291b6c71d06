import type { CaseStep, CaseView } from '../../protocol/api/cases.ts';
import { Icon } from '../shared/icons.tsx';
import { t } from '../shared/language.ts';
import { currentCase } from './store.ts';

const order: CaseStep[] = ['call', 'documents', 'sign', 'send', 'agency', 'result', 'hand-out'];
const beforeCase: CaseView['steps'] = order.map((step, index) => ({
  step,
  state: index === 0 ? 'current' : 'ahead',
}));

/** From call to hand-out, one line. */
export function StepsLine() {
  const steps = currentCase.value?.steps ?? beforeCase;
  return (
    <ol class="steps" aria-label={t('clerk.steps')}>
      {steps.map(({ step, state }, index) => (
        <li key={step} class={`step ${state}`} aria-current={state === 'current' ? 'step' : undefined}>
          <span class="step-mark" aria-hidden="true">
            {state === 'done' ? <Icon name="check" size={16} /> : index + 1}
          </span>
          <span>{t(`clerk.step.${step}`)}</span>
          <span class="visually-hidden">
            {t(
              state === 'done'
                ? 'clerk.step-done'
                : state === 'current'
                  ? 'clerk.step-current'
                  : 'clerk.step-ahead',
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
