//! What a run says about its own telemetry.

mod support;

use support::{Package, Run, Workplace, lockfile};

const SMALL: &[Package<'_>] = &[("app", "0.1.0", &["log"]), ("log", "0.4.0", &[])];

/// The numbers of the closing line: recorded, exported, dropped.
fn figures(run: &Run) -> [u64; 3] {
    let line = run
        .stdout
        .lines()
        .find(|line| line.starts_with("spans: "))
        .expect("a closing line");
    let numbers: Vec<u64> = line
        .split([' ', ','])
        .filter_map(|word| word.parse().ok())
        .collect();
    numbers.try_into().expect("three numbers")
}

fn tree_lines(run: &Run) -> usize {
    let tree = run
        .stdout
        .split("\n\n")
        .find(|part| part.starts_with("import"))
        .expect("a tree");
    tree.trim_end().lines().count()
}

#[test]
fn the_tree_shows_every_operation_below_its_caller() {
    let workplace = Workplace::new();
    let run = workplace.import(SMALL).succeeds();
    for name in [
        "read_lockfile",
        "parse_toml",
        "resolve_dependencies",
        "Storage::open",
        "migrate",
        "Resources::all",
        "plan_import",
        "apply_plan",
        "import_package",
        "Resources::create",
        "validate_description",
        "validate_dependencies",
        "BEGIN",
        "INSERT resource",
        "INSERT dependency SELECT",
        "COMMIT",
        "remove_vanished",
        "tour",
        "Resources::get",
        "Resources::search",
        "validate_search",
        "Resources::dependencies",
        "Resources::dependents",
        "Resources::cycles",
        "find_cycles",
        "scratch_resources",
        "Resources::find",
        "Resources::update",
        "UPDATE resource",
        "Resources::delete",
        "SELECT resource SELECT dependency SELECT",
        "DELETE dependency SELECT",
        "DELETE resource SELECT",
        "Storage::close",
    ] {
        assert!(
            run.stdout.contains(&format!(" {name} ")),
            "no {name} in:\n{}",
            run.stdout
        );
    }
    let indent = |name: &str| {
        let line = run
            .stdout
            .lines()
            .find(|line| line.contains(&format!(" {name} ")))
            .unwrap();
        line.chars().take_while(|it| !it.is_alphabetic()).count()
    };
    for (caller, called) in [
        ("apply_plan", "import_package"),
        ("import_package", "Resources::create"),
        ("Resources::create", "validate_description"),
        ("Resources::create", "INSERT resource"),
        ("tour", "Resources::search"),
        ("Resources::update", "UPDATE resource"),
    ] {
        assert_eq!(
            indent(called),
            indent(caller) + 3,
            "{caller} {called}\n{}",
            run.stdout
        );
    }
    run.says(", busy ")
        .says("package.name=app")
        .says("resource.name=log")
        .says("db.system.name=sqlite");
}

#[test]
fn everything_recorded_is_exported_or_dropped_and_shown() {
    let workplace = Workplace::new();
    let names: Vec<String> = (0..300).map(|index| format!("package-{index}")).collect();
    let packages: Vec<Package<'_>> = names
        .iter()
        .map(|name| (&**name, "1.0.0", &[] as &[&str]))
        .collect();
    workplace.write("Cargo.lock", lockfile(&packages));
    let run = workplace.run(&["import", "Cargo.lock"]).succeeds();
    let [recorded, exported, dropped] = figures(&run);
    assert!(recorded > 300 * 5, "{recorded}");
    assert_eq!((exported, dropped), (recorded, 0));
    assert!(tree_lines(&run) < 100, "{}", run.stdout);
    run.says("import_package ×300  ");
    let run = workplace
        .run(&["import", "Cargo.lock", "--full-tree"])
        .succeeds();
    let [recorded, ..] = figures(&run);
    assert_eq!(tree_lines(&run) as u64, recorded);
}

#[test]
fn a_failed_run_shows_where_it_failed() {
    let workplace = Workplace::new();
    let run = workplace.run(&["import", "Cargo.lock"]);
    let [recorded, exported, dropped] = figures(&run);
    assert_eq!((recorded, exported, dropped), (2, 2, 0));
    run.says("failed: Cargo.lock: no such file")
        .fails_with("Cargo.lock: no such file");
}

#[test]
fn a_wrong_variable_is_one_line_and_nothing_is_done() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(SMALL));
    let run = |variables: &[(&str, &str)]| {
        let mut command = workplace.command();
        command
            .args(["import", "Cargo.lock"])
            .envs(variables.iter().copied());
        let run = Run::from(command.output().unwrap());
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
        assert!(!workplace.path("resources.db").exists());
        run.stderr
    };
    let stderr = run(&[("OTEL_TRACES_SAMPLER", "always_no")]);
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    for part in [
        "error: OTEL_TRACES_SAMPLER=`always_no`: ",
        "did you mean `always_on`?",
    ] {
        assert!(stderr.contains(part), "{stderr}");
    }
    let stderr = run(&[
        ("OTEL_TRACES_SAMPLER", "always_no"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere"),
    ]);
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(
        stderr.contains("OTEL_TRACES_SAMPLER") && stderr.contains("OTEL_EXPORTER_OTLP_ENDPOINT"),
        "{stderr}"
    );
}

#[test]
fn an_absent_collector_changes_nothing_but_the_figures() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(SMALL));
    let absent = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let output = workplace
        .command()
        .args(["import", "Cargo.lock"])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{absent}"))
        .env("OTEL_EXPORTER_OTLP_TIMEOUT", "300")
        .output()
        .unwrap();
    let run = Run::from(output);
    assert_eq!(run.code, Some(0), "{run:?}");
    let [recorded, exported, dropped] = figures(&run);
    assert_eq!((exported, dropped), (0, recorded));
    let mut lines: Vec<&str> = run.stderr.lines().collect();
    let last = lines.pop().unwrap_or_default();
    assert!(
        last.starts_with("warning: telemetry was not delivered completely"),
        "{}",
        run.stderr
    );
    // what the exporter has to say while it tries
    assert!(
        lines.iter().all(|line| line.starts_with("otelkit: ")),
        "{}",
        run.stderr
    );
    assert_eq!(workplace.dump().resources.len(), 2);
    run.says(&format!("  tree: {recorded} exported\n"));
}

#[test]
fn telemetry_can_be_turned_off() {
    let workplace = Workplace::new();
    workplace.write("Cargo.lock", lockfile(SMALL));
    for variable in [
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
    ] {
        let mut command = workplace.command();
        let output = command
            .args(["import", "Cargo.lock"])
            .envs([variable])
            .output()
            .unwrap();
        let run = Run::from(output).succeeds();
        assert_eq!(figures(&run), [0, 0, 0]);
    }
}
