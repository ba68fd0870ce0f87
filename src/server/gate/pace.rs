//! How often a client may ask, and what it is told of that.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

type Limiter =
    RateLimiter<String, HashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// A bucket of requests for each client, that fills as time goes by.
pub(super) struct Pace {
    limiter: Limiter,
    burst: u32,
    /// How long it takes to fill.
    fills: Duration,
}

/// Where one client stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// Requests that may come at once, from a full bucket.
    burst: u32,
    /// Requests that may come now.
    remaining: u32,
    /// Seconds until the bucket is full again.
    reset: u64,
    /// Seconds in which an empty bucket fills.
    fills: u64,
    /// Whole seconds to wait, for one who asks too much.
    pub wait: Option<u64>,
}

impl Pace {
    /// As many requests in `within` on average as may come at once.
    pub fn new(burst: u32, within: Duration) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let each = within / burst.get();
        let quota = Quota::with_period(each).unwrap_or(Quota::per_second(burst)).allow_burst(burst);
        let limiter = RateLimiter::hashmap(quota).with_middleware();
        Self { limiter, burst: burst.get(), fills: within }
    }

    /// Takes one request of this client out of its bucket.
    pub fn ask(&self, client: &str) -> Standing {
        let (remaining, wait) = match self.limiter.check_key(&client.to_owned()) {
            Ok(held) => (held.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                (0, Some(wait.as_secs() + 1))
            }
        };
        let missing = f64::from(self.burst - remaining.min(self.burst)) / f64::from(self.burst);
        let reset = (missing * self.fills.as_secs_f64()).ceil() as u64;
        Standing { burst: self.burst, remaining, reset, fills: self.fills.as_secs(), wait }
    }

    /// Forgets clients whose buckets are full.
    pub fn tidy(&self) {
        self.limiter.retain_recent();
    }
}

impl Standing {
    /// A reply that says where its client stands.
    ///
    /// # Source
    ///
    /// The header fields of draft-ietf-httpapi-ratelimit-headers-06, which clients know.
    pub fn tell(&self, mut reply: Response) -> Response {
        let fields = [
            ("ratelimit-limit", self.burst.to_string()),
            ("ratelimit-remaining", self.remaining.to_string()),
            ("ratelimit-reset", self.reset.to_string()),
            ("ratelimit-policy", format!("{};w={}", self.burst, self.fills)),
        ];
        for (name, value) in fields {
            if let Ok(value) = HeaderValue::from_str(&value) {
                reply.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_told_what_is_left_and_when_all_is_back() {
        let pace = Pace::new(4, Duration::from_secs(40));

        let left: Vec<u32> = (0..4).map(|_| pace.ask("ann").remaining).collect();
        let refused = pace.ask("ann");

        assert_eq!(left, [3, 2, 1, 0]);
        assert_eq!((refused.remaining, refused.reset), (0, 40));
        assert!(refused.wait.is_some_and(|seconds| (9..=11).contains(&seconds)), "{refused:?}");
        assert_eq!(pace.ask("ben").remaining, 3);
        let reply = refused.tell(Response::default());
        assert_eq!(reply.headers()["ratelimit-policy"], "4;w=40");
        assert_eq!(reply.headers()["ratelimit-limit"], "4");
    }
}
