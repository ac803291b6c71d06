import type { Signal } from '@preact/signals';
import { Button } from '../shared/components/button.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import { language, t } from '../shared/language.ts';
import { highContrast, largePrint, lowered } from '../shared/preferences.ts';
import { back, canGoBack, currentScreen } from './screens.ts';

/** Stays on every screen, in the same order and place. */
export function BottomBar() {
  return (
    <nav class="kiosk-bar" aria-label={t('kiosk.tools')}>
      <Button class="bar-back" icon="back" onPress={back} disabled={!canGoBack()}>
        {t('page.back')}
      </Button>
      <Aid icon="larger" text={t('kiosk.larger')} aid={largePrint} />
      <Aid icon="contrast" text={t('kiosk.contrast')} aid={highContrast} />
      <Aid icon="wheelchair" text={t('kiosk.lower')} aid={lowered} />
      {currentScreen().name !== 'attract' && (
        <Button
          icon="globe"
          onPress={() => {
            language.value = language.value === 'ru' ? 'en' : 'ru';
          }}
        >
          <span lang={language.value === 'ru' ? 'en' : 'ru'}>{t('page.language-other')}</span>
        </Button>
      )}
    </nav>
  );
}

function Aid({ icon, text, aid }: { icon: IconName; text: string; aid: Signal<boolean> }) {
  return (
    <button
      type="button"
      class="button plain"
      aria-pressed={aid.value}
      onClick={() => {
        aid.value = !aid.value;
      }}
    >
      <Icon name={icon} />
      <span class="button-text">{text}</span>
    </button>
  );
}
