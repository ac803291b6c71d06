import { Button } from '../shared/components/button.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { Icon, iconNamed } from '../shared/icons.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { go } from './screens.ts';
import { register, screens } from './store.ts';

export function Categories() {
  return (
    <section class="screen">
      <h1 tabIndex={-1}>{t('kiosk.choose-category')}</h1>
      <Loaded held={register.held.value} onRetry={() => void register.refresh()} rows={6}>
        {view =>
          view.categories.length === 0 ? (
            <Empty icon="other" title={t('kiosk.no-services')}>
              {t('kiosk.no-services-how')}
            </Empty>
          ) : (
            <ul
              class="tiles"
              style={{
                '--rows-of-two': Math.ceil(view.categories.length / 2),
                '--rows-of-three': Math.ceil(view.categories.length / 3),
              }}
            >
              {view.categories.map(category => (
                <li key={category.id}>
                  <button
                    type="button"
                    class="tile"
                    data-say={`category.${category.id}`}
                    onClick={() => go({ name: 'services', categoryId: category.id })}
                  >
                    <span class="tile-icon">
                      <Icon name={iconNamed(category.icon)} />
                    </span>
                    <span class="tile-title">{inLanguage(category.title)}</span>
                    <span class="tile-hint">{inLanguage(category.hint)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <div class="screen-action wishes">
        <Button class="wish-wide" icon="search" onPress={() => go({ name: 'search' })}>
          {t('kiosk.search')}
        </Button>
        {heldValue(screens)?.appointments === true && (
          <Button icon="calendar" onPress={() => go({ name: 'appointment' })}>
            {t('kiosk.by-appointment')}
          </Button>
        )}
        <Button icon="folder" onPress={() => go({ name: 'case' })}>
          {t('kiosk.my-case')}
        </Button>
        <Button icon="star" onPress={() => go({ name: 'rating' })}>
          {t('kiosk.rate')}
        </Button>
      </div>
    </section>
  );
}
