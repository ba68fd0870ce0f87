//! `/meetings`: the plan as a chair, the public and a program see it.

use wardheat::audience::{Audience, Disclosure, Records, Rule};
use wardheat::server::{AppState, Limits};
use wardheat::workspace::Workspace as Settings;

use crate::support::Workspace;
use crate::town::Server;
use crate::venues::town;

/// The server over a workspace, with the workspace's rules.
fn serve(workspace: &Workspace) -> Server {
    let dataset = wardheat::store::open(&workspace.path().join("store")).unwrap();
    let state = AppState::new(dataset, Limits::default()).unwrap();
    let config = Settings::load(workspace.path()).unwrap().config;
    state.know_rules(config.need, config.planning, None);
    Server::over(state)
}

/// Addresses that the links of a page lead to, without those to places on itself.
fn links(page: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links
        .filter(|link| link.starts_with("/meetings"))
        .map(|link| link.replace("&amp;", "&"))
        .collect()
}

#[tokio::test]
async fn the_page_holds_need_halls_days_and_reasons_and_every_link_of_it_answers() {
    let server = serve(&town());

    let reply = server.get("/meetings?k=3").await;

    assert_eq!(reply.status, 200, "{}", reply.text());
    let page = reply.text();
    for words in [
        "Three of 9 wards rank high for both crime and <span class=\"whole\">anti-social</span> behaviour",
        "Three meetings put",
        "no other choice under these rules is better",
        "Charlie Library",
        "Ward 0 is between 1st and 2nd of 9 wards for crime",
        "joined by",
        "What each meeting more would reach",
        "One after the other",
        "not considered, and why",
        "Instead",
        "step-free access",
    ] {
        assert!(page.contains(words), "no `{words}` in {page}");
    }
    assert!(!page.to_lowercase().contains("worst"));
    assert_eq!(page.matches("class=\"card v-card\"").count(), 3);
    let links = links(page);
    assert!(links.len() >= 15, "{links:?}");
    for link in links {
        let reply = server.get(&link).await;
        assert_eq!(reply.status, 200, "{link}: {}", reply.text());
    }
}

#[tokio::test]
async fn locks_and_exclusions_travel_in_the_address() {
    let server = serve(&town());

    let locked = server.get("/meetings?k=3&hall-echo-hall=lock").await;
    let without = server.get("/meetings?k=3&hall-alpha-hall=exclude&hall-bravo-hall=").await;

    assert!(locked.text().contains("Echo Hall <span class=\"chip chip--even\">locked"));
    assert!(locked.text().contains("<option value=\"lock\" selected>"), "{}", locked.text());
    let page = without.text();
    assert!(page.contains("Set all halls free"));
    assert!(!page.contains("id=\"meeting-3\"") || !page.contains("<h3>Alpha Hall"), "{page}");
    assert!(page.contains("<b>Ward 0</b> No hall"), "{page}");
}

/// Every choice of the form changes the plan and travels in each link of the page.
#[tokio::test]
async fn model_wards_budget_and_spread_are_asked_for_in_the_address() {
    let workspace = town();
    let server = serve(&workspace);
    let plain = server.get("/meetings?k=3").await;
    assert!(plain.text().contains("maximal covering at 1,200 m"));
    assert!(!plain.text().contains("class=\"meet__finer\" open"));

    for (query, words) in [
        ("model=median", "p-median: the shortest walks on average"),
        ("top=1", "at least for each of the first 1 ward"),
        ("revisit=6", "a ward not visited for 6 months"),
        ("spread=5", "outweigh 5% of the demand"),
        ("walk=800", "maximal covering at 800 m"),
    ] {
        let reply = server.get(&format!("/meetings?k=3&{query}")).await;

        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        assert!(reply.text().contains(words), "{query}: no `{words}` in {}", reply.text());
        let others: Vec<String> =
            links(reply.text()).into_iter().filter(|link| link.contains("hall-")).collect();
        assert!(!others.is_empty() && others.iter().all(|link| link.contains(query)), "{others:?}");
    }
    let reply = server.get("/meetings?k=3&budget=100").await;
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("cost not known, and there is a budget"), "{}", reply.text());
}

#[tokio::test]
async fn what_cannot_be_planned_is_said_in_words() {
    let server = serve(&town());
    for (query, status, words) in [
        ("k=0", 400, "wanted a whole number from 1 to 60"),
        ("walk=5", 400, "wanted a whole number from 100 to 20000"),
        ("hall-alpha-hall=maybe", 400, "wanted lock or exclude"),
        ("hall-zulu=lock", 400, "hall-zulu"),
        ("start=soon", 400, "wanted a day"),
        ("model=best", 400, "wanted median, or none"),
        ("walks=crow", 400, "wanted straight, or none"),
        ("spread=50", 400, "wanted a whole number from 0 to 10"),
        (
            "k=1&hall-alpha-hall=lock&hall-bravo-hall=lock",
            422,
            "2 halls are locked, and only 1 meeting is to be planned",
        ),
        ("hall-alpha-steps=lock", 422, "not step-free"),
        ("window=1999-01", 422, "holds no data"),
    ] {
        let reply = server.get(&format!("/meetings?{query}")).await;

        assert_eq!(reply.status, status, "{query}: {}", reply.text());
        assert!(reply.text().contains(words), "{query}: {}", reply.text());
    }
}

#[tokio::test]
async fn the_public_page_and_its_files_hold_no_figure_of_need() {
    let server = serve(&town());
    for address in ["/meetings/public?k=3", "/meetings/plan.ics?k=3", "/meetings/plan.geojson?k=3"]
    {
        let reply = server.get(address).await;

        assert_eq!(reply.status, 200, "{address}");
        let text = reply.text().replace("\r\n ", "");
        assert!(text.contains("more was reported here"), "{address}: {text}");
        for figure in ["160", "1st", "rank", "need", "worst"] {
            let shown = text.split("<main").nth(1).unwrap_or(&text);
            let shown = shown.split("</main>").next().unwrap_or(shown);
            assert!(!shown.contains(figure), "{address} holds `{figure}`: {shown}");
        }
    }
}

/// A store that was made for the public shows the plan, and nothing of need.
#[tokio::test]
async fn data_made_for_the_public_show_no_need() {
    let workspace = town();
    let mut dataset = wardheat::store::open(&workspace.path().join("store")).unwrap();
    dataset.provenance.disclosure = Some(Disclosure {
        rule: Rule::of(Audience::Public).unwrap(),
        made_from: "test".into(),
        records: Records::default(),
    });
    let server = Server::over(AppState::new(dataset, Limits::default()).unwrap());

    let page = server.get("/meetings?k=3").await;

    assert!(page.text().contains("Come and talk"), "{}", page.text());
    for (address, status) in [
        ("/meetings/chair", 404),
        ("/meetings/plan.csv", 404),
        ("/meetings/plan.json", 404),
        ("/meetings/plan.ics", 200),
        ("/meetings/plan.geojson", 200),
    ] {
        assert_eq!(server.get(address).await.status, status, "{address}");
    }
}

#[tokio::test]
async fn files_of_the_server_are_those_of_the_command() {
    let workspace = town();
    let server = serve(&workspace);
    for form in ["csv", "json", "ics", "geojson"] {
        let name = format!("plan.{form}");
        workspace.ok(&["venues", "--k", "3", "-o", &name]);

        let served = server.get(&format!("/meetings/{name}?k=3")).await;

        let written = std::fs::read(workspace.path().join(&name)).unwrap();
        assert_eq!(served.body, written, "{name}");
    }
}

#[tokio::test]
async fn the_chairs_page_is_the_same_as_a_file_and_on_the_server() {
    let workspace = town();
    workspace.ok(&["venues", "--k", "3", "-o", "chair.html"]);
    let file = std::fs::read_to_string(workspace.path().join("chair.html")).unwrap();

    let served = serve(&workspace).get("/meetings/chair?k=3").await;

    let sheet = |page: &str| {
        let start = page.find("<section class=\"chair").unwrap();
        page[start..page.rfind("</section>").unwrap()].to_owned()
    };
    assert_eq!(sheet(&file), sheet(served.text()));
    assert!(file.contains("Where to meet the public") && file.contains("To decide"));
    assert!(!file.contains("src=") && !file.contains("<script"), "it is whole in itself");
}

#[tokio::test]
async fn without_halls_there_is_no_entry_and_the_page_says_why() {
    let server = Server::new();

    let front = server.get("/").await;
    let reply = server.get("/meetings").await;

    assert!(!front.text().contains("href=\"/meetings\""));
    assert_eq!(reply.status, 422);
    let words = reply.text();
    assert!(
        words.contains("The store holds no halls: name a file of them under [venues]"),
        "{words}"
    );
}
