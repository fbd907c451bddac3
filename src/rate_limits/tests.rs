use super::*;
use proptest::prelude::*;

const MINUTE: Duration = Duration::from_secs(61);

proptest! {
    #[test]
    fn no_sixty_seconds_have_more_calls_than_documented(
        calls in prop::collection::vec((0u64..3_000, 0usize..8), 1..300),
    ) {
        let (mut used, mut now) = (Used::default(), Instant::now());
        let (mut all, mut usual) = (Vec::new(), Vec::new());
        for (pause, which) in calls {
            now += Duration::from_millis(pause);
            let urgency = *[Urgency::Cancel, Urgency::Doubt].get(which).unwrap_or(&Urgency::Usual);
            let latest = now + Duration::from_secs(600);
            let Ok(place) = used.take(Category::Trading, urgency, MINUTE, now, latest) else { continue };
            prop_assert!(place >= now);
            all.push(place);
            usual.extend((urgency == Urgency::Usual).then_some(place));
        }
        let most_at_once = |places: &mut Vec<Instant>| {
            places.sort();
            let window = |first: &Instant| {
                places.iter().filter(|at| **at >= *first && **at - *first < Duration::from_secs(60)).count()
            };
            places.iter().map(window).max().unwrap_or_default()
        };
        prop_assert!(most_at_once(&mut all) <= 50);
        prop_assert!(most_at_once(&mut usual) <= 36);
    }
}

#[test]
fn calls_below_the_limit_wait_for_nothing() {
    let (mut used, now) = (Used::default(), Instant::now());
    for _ in 0..1000 {
        assert_eq!(used.take(Category::MarketData, Urgency::Usual, MINUTE, now, now), Ok(now));
    }
    assert_eq!(used.take(Category::MarketData, Urgency::Usual, MINUTE, now, now), Err(MINUTE));
}

/// The wait for the next place at a moment, for a call that waits 20 s at most.
fn wait(used: &mut Used, category: Category, urgency: Urgency, now: Instant) -> Result<u64> {
    let place = used.take(category, urgency, MINUTE, now, now + Duration::from_secs(20));
    place.map(|place| (place - now).as_secs()).map_err(|wait| reached(category, wait))
}

#[test]
fn a_call_that_cannot_wait_so_long_hears_at_once_how_long_it_would_take() {
    let (mut used, now) = (Used::default(), Instant::now());
    for _ in 0..36 {
        assert_eq!(wait(&mut used, Category::Trading, Urgency::Usual, now), Ok(0));
    }
    let error = wait(&mut used, Category::Trading, Urgency::Usual, now).unwrap_err();
    assert_eq!((error.kind, &*error.hint.to_string()), (Kind::RateLimited, "wait 62 s, then ask again"));
    // A cancel and the look for an order in doubt go out of their reserves, and other categories have their own limits.
    for (urgency, reserve) in [(Urgency::Doubt, 4), (Urgency::Cancel, 10)] {
        for _ in 0..reserve {
            assert_eq!(wait(&mut used, Category::Trading, urgency, now), Ok(0), "{urgency:?}");
        }
        assert!(wait(&mut used, Category::Trading, urgency, now).is_err(), "{urgency:?}");
    }
    assert_eq!(wait(&mut used, Category::Trading, Urgency::AtOnce, now), Ok(0));
    assert_eq!(wait(&mut used, Category::Users, Urgency::Usual, now), Ok(0));
    let later = now + Duration::from_secs(50);
    assert_eq!(wait(&mut used, Category::Trading, Urgency::Usual, later), Ok(11));
}

#[test]
fn room_for_several_calls_is_there_when_the_last_of_them_can_be_sent() {
    let (mut used, now, second) = (Used::default(), Instant::now(), Duration::from_secs(1));
    let room = |used: &mut Used, calls| (used.room(Category::Trading, calls, MINUTE, now) - now).as_secs();
    for number in 0..32 {
        let at = now - second * (40 - number);
        assert_eq!(used.take(Category::Trading, Urgency::Usual, MINUTE, at, at), Ok(at));
    }
    // 36 may be sent, and the first of the 32 counts for 21 s more.
    assert_eq!([4, 5, 6].map(|calls| room(&mut used, calls)), [0, 21, 22]);
    used.hold(Category::Trading, Some(second * 7), MINUTE, now);
    assert_eq!(room(&mut used, 4), 7);
}

#[test]
fn a_call_that_is_given_up_leaves_its_place() {
    let (mut used, now) = (Used::default(), Instant::now());
    for _ in 0..36 {
        assert_eq!(wait(&mut used, Category::Trading, Urgency::Usual, now), Ok(0));
    }
    let later = now + Duration::from_secs(50);
    assert_eq!(wait(&mut used, Category::Trading, Urgency::Usual, later), Ok(11));
    used.give_back(now + MINUTE);
    assert_eq!(used.sent[&Category::Trading].len(), 36);
}

#[test]
fn what_can_do_without_calls_makes_fewer_of_them_as_they_run_out() {
    let limits = RateLimits::within(MINUTE);
    let left = |count: usize, urgency| {
        let now = Instant::now();
        limits.used().sent.insert(Category::Trading, std::iter::repeat_n(now, count).collect());
        limits.left(Category::Trading, urgency)
    };
    assert_eq!(
        [9, 10, 24, 25].map(|count| left(count, Urgency::Usual)),
        [Left::Plenty, Left::Few, Left::Few, Left::HardlyAny]
    );
    assert_eq!(left(36, Urgency::Cancel), Left::Few);
}

#[test]
fn a_429_holds_its_category_and_no_cancel() {
    let (mut used, now) = (Used::default(), Instant::now());
    assert_eq!(wait(&mut used, Category::Trading, Urgency::Usual, now), Ok(0));
    let now = now + Duration::from_secs(30);
    // What Aries does not say is the rest of the minute that began with the first call.
    let (rest, asked) = (Duration::from_secs(31), Duration::from_secs(7));
    assert_eq!(used.hold(Category::Trading, None, MINUTE, now), rest);
    assert!(wait(&mut used, Category::Trading, Urgency::Usual, now).is_err());
    assert_eq!(wait(&mut used, Category::Trading, Urgency::Cancel, now), Ok(0));
    assert_eq!(wait(&mut used, Category::Trading, Urgency::Doubt, now), Ok(0));
    assert_eq!(used.hold(Category::MarketData, Some(asked), MINUTE, now), asked);
    assert_eq!(wait(&mut used, Category::MarketData, Urgency::Usual, now), Ok(7));
}

#[tokio::test]
async fn a_call_that_waits_heeds_a_429_that_comes_meanwhile() {
    let (limits, millis) = (RateLimits::within(MINUTE), Duration::from_millis);
    limits.hold(Category::Users, Some(millis(50)));
    let begun = Instant::now();
    let waiting = limits.turn(Category::Users, Urgency::Usual, begun + Duration::from_secs(20));
    let later = async { limits.hold(Category::Users, Some(millis(150))) };
    let (waited, _) = tokio::join!(waiting, later);
    waited.unwrap();
    assert!(begun.elapsed() >= millis(150));
}

#[test]
fn each_path_has_its_category() {
    for (path, category) in [
        ("/v1/oauth2/token", Some(Category::Authentication)),
        ("/v2/users/me/accounts", Some(Category::Users)),
        ("/v1/config/watchlist", Some(Category::Users)),
        ("/v2/accounts/{id}/orders", Some(Category::Trading)),
        ("/v1/orders/preview", Some(Category::Trading)),
        ("/v1/chart/quotes", Some(Category::MarketData)),
        ("/v1/market/ws", None),
        ("/oauth2/authorize", None),
    ] {
        assert_eq!(Category::of(path), category, "{path}");
    }
}
