"""The explorer's page in Chromium, held against what the tool says of the same table."""

import csv
import math
import os
import re
import subprocess
from urllib.parse import urlencode

import pytest

from served import Served, told

MISSING = b"x,y\n1,2\n2,\n3,4\n4,6\n5,5\n6,7\n7,9\n"


# MARK: - What is on the page


def pictures(page):
    """The pictures that a bandwidth moves, without what is drawn over them."""
    return page.evaluate("""() => ["fit", "attention"].map((id) =>
        document.querySelector(`#${id} .picture > svg`).outerHTML)""")


def marker(page):
    """Where the marker stands on the criterion's curve, in pixels of the page."""
    return page.evaluate("""() => {
        const box = document.querySelector("#criterion .marker").getBoundingClientRect();
        return box.left + box.width / 2;
    }""")


def thumb(page, slider):
    """Where the middle of a slider's thumb stands, in pixels of the page."""
    return page.evaluate("""(selector) => {
        const slider = document.querySelector(selector), box = slider.getBoundingClientRect();
        const thumb = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--thumb")) * 16;
        return box.left + thumb / 2 + slider.value * (box.width - thumb);
    }""", slider)


def bandwidth(page, index=0):
    return float(page.input_value(f"#bandwidth-{index}-number"))


def address(page):
    return page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")


def changed(page, before):
    page.wait_for_function("""(before) => ["fit", "attention"].every((id, index) =>
        ![undefined, before[index]].includes(document.querySelector(`#${id} .picture > svg`)?.outerHTML))""",
        arg=before)


def middle(page, selector, across=0.5, down=0.5):
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def drop(page, name, content):
    page.evaluate("""([name, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(content)], name));
        for (const kind of ["dragenter", "dragover", "drop"]) {
            document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        }
    }""", [name, list(content)])


def waves_minima(program, data, *options):
    return told(program, "bandwidth", str(data / "waves.csv"), "-x", "x", "-y", "y", *options)


# MARK: - Bandwidth


def test_first_visit_ends_at_the_chosen_minimum_and_says_so(opened, program, data, shoot):
    each = opened()
    page = each.page
    chosen = waves_minima(program, data)["bandwidth"][0]
    page.wait_for_function("() => document.querySelector('#bandwidth-note').textContent.includes('minimum')")
    each.settle()
    assert bandwidth(page) == pytest.approx(chosen, rel=1e-4)
    assert float(address(page)["h"]) == pytest.approx(chosen, rel=1e-4)
    shoot(page, "light")


def test_keys_on_the_slider_move_fit_heatmap_and_marker(opened):
    page = opened().page
    slider = page.locator("#bandwidth-0")
    slider.focus()
    steps = []
    for key in ["ArrowRight", "PageUp", "ArrowLeft", "PageDown", "End", "Home"]:
        h, at, before = bandwidth(page), marker(page), pictures(page)
        slider.press(key)
        changed(page, before)
        up = key in ("ArrowRight", "PageUp", "End")
        assert (bandwidth(page) > h) == up and (marker(page) > at) == up
        steps.append(abs(math.log(bandwidth(page) / h)))
    assert steps[1] > 5 * steps[0], "a page is a coarse step"
    spoken = slider.get_attribute("aria-valuetext")
    assert spoken.startswith("bandwidth ") and "units of x" in spoken


def test_the_mouse_on_the_slider_moves_everything_and_the_thumb_stands_over_the_marker(opened):
    page = opened().page
    for part in (0.2, 0.5, 0.8):
        before = pictures(page)
        page.mouse.move(thumb(page, "#bandwidth-0"), middle(page, "#bandwidth-0")[1])
        page.mouse.down()
        page.mouse.move(middle(page, "#bandwidth-0", across=part)[0], middle(page, "#bandwidth-0")[1], steps=6)
        assert marker(page) == pytest.approx(thumb(page, "#bandwidth-0"), abs=2), "at once"
        page.mouse.up()
        changed(page, before)


def test_one_frame_is_under_way_at_most_and_the_last_move_is_the_one_shown(opened):
    each = opened()
    page = each.page
    slider = page.locator("#bandwidth-0")
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    each.settle()
    assert page.evaluate("() => mostFrames") == 1
    shown = page.evaluate("document.querySelector('#command').textContent")
    assert f"{bandwidth(page):.5g}"[:5] in shown


def test_a_click_on_a_minimum_moves_the_slider_there(opened, program, data):
    page = opened().page
    minima = waves_minima(program, data)["minima"]
    assert len(minima) >= 2
    buttons = page.get_by_role("button", name=re.compile("local minimum h = "))
    assert buttons.count() == len(minima)
    for index in [*range(len(minima)), 0]:
        before = bandwidth(page)
        buttons.nth(index).click()
        expected = minima[index]["bandwidth"][0]
        assert bandwidth(page) == pytest.approx(expected, rel=1e-4)
        assert marker(page) == pytest.approx(thumb(page, "#bandwidth-0"), abs=2)
        if bandwidth(page) != before:
            page.wait_for_function(
                "(h) => document.querySelector('#command').textContent.includes(h)", arg=f"{expected:.4g}"[:5])


def test_an_exact_number_is_taken_and_a_bad_one_is_explained_beside_it(opened):
    each = opened(refusals=[400])
    page = each.page
    before = pictures(page)
    page.fill("#bandwidth-0-number", "0.75")
    page.keyboard.press("Enter")
    changed(page, before)
    each.settle()
    assert float(address(page)["h"]) == 0.75
    good = pictures(page)
    page.fill("#bandwidth-0-number", "-1")
    page.keyboard.press("Enter")
    problem = page.locator('.problem[data-for="h"]')
    problem.wait_for(state="visible")
    assert "1" in problem.inner_text()
    assert pictures(page) == good, "the old view stays"
    page.locator("#bandwidth-0").press("ArrowRight")
    problem.wait_for(state="hidden")


def test_another_criterion_has_its_own_curve_and_minimum(opened, program, data):
    each = opened()
    page = each.page
    for method, name in (("gcv", "GCV"), ("aicc", "AICc")):
        page.get_by_text(name, exact=True).first.click()
        page.wait_for_function(
            "(name) => document.querySelector('#bandwidth-note').textContent.includes(name)", arg=name)
        each.settle()
        chosen = waves_minima(program, data, "--bandwidth", method)["bandwidth"][0]
        assert bandwidth(page) == pytest.approx(chosen, rel=1e-4)
        assert address(page)["criterion"] == method


# MARK: - Query


def test_hovering_shows_the_weights_that_the_library_gives(opened, program, data, tmp_path, shoot):
    each = opened()
    page = each.page
    for picture, across in (("#fit", 0.4), ("#attention", 0.6)):
        page.mouse.move(*middle(page, f"{picture} .picture", across, 0.4))
        page.locator("#contributors table").wait_for()
        each.settle()
        shown = address(page)
        (tmp_path / "query.csv").write_text(f"x\n{shown['query']}\n")
        explained = told(
            program, "attention", str(data / "waves.csv"), "-x", "x", "-y", "y", "--bandwidth", shown["h"],
            "--at", str(tmp_path / "query.csv"), "--explain", "0")
        explained = explained[0] if isinstance(explained, list) else explained
        rows = page.evaluate("""() => [...document.querySelectorAll("#contributors tbody tr")].map((row) =>
            [row.querySelector("th").textContent, ...[...row.querySelectorAll("data")].map((cell) => Number(cell.value))])""")
        by_row = {key["row"]: key["weight"] for key in explained["keys"]}
        assert len(rows) == 11
        for row, weight, _ in rows[:10]:
            assert weight == pytest.approx(by_row[int(row)], rel=1e-9)
        words = page.inner_text("#query-words")
        assert f"{explained['effective_n']:.4g}" in words
        assert page.locator("#stems .picture > svg:not(.marks)").count() == 1
        threads = page.locator("#fit .marks .thread, #attention .marks .thread")
        assert threads.count() == 2
        left = [threads.nth(index).bounding_box()["x"] for index in range(2)]
        assert left[0] == pytest.approx(left[1], abs=2), "one line across both pictures"
        assert page.locator("#fit .contributor").count() > 0
    shoot(page, "query")
    page.keyboard.press("Escape")
    each.settle()
    assert page.locator("#stems").is_hidden() and "query" not in address(page)


def test_the_bandwidth_moves_the_weights_of_the_query_as_well(opened):
    page = opened("/?query=5").page
    page.locator("#contributors table").wait_for()
    before, frame = page.inner_text("#contributors"), pictures(page)
    page.locator("#bandwidth-0").press("PageUp")
    changed(page, frame)
    assert page.inner_text("#contributors") != before


def test_the_query_is_a_slider_too(opened):
    page = opened().page
    page.locator("#query-range").press("ArrowRight")
    page.locator("#contributors table").wait_for()
    first = page.input_value("#query-number")
    page.locator("#query-range").press("PageDown")
    assert float(page.input_value("#query-number")) < float(first)
    page.get_by_role("button", name="Drop").click()
    assert page.locator("#contributors").is_hidden()


# MARK: - Columns and tables


def test_columns_are_picked_and_words_say_why_they_cannot_be(opened, program, data, shoot):
    served = Served(program, str(data / "plane.csv"))
    try:
        each = opened("/?x=east", on=served)
        page = each.page
        page.locator("#inputs summary").click()
        words = page.locator("#inputs-list label", has_text="kind")
        assert words.locator("input").is_disabled() and "words" in words.inner_text()
        before = pictures(page)
        page.locator("#inputs-list label", has_text="north").click()
        changed(page, before)
        page.keyboard.press("Escape")
        each.settle()
        assert address(page)["x"] == "east,north"
        assert page.locator("#bandwidth-0").is_visible() and page.locator("#bandwidth-1").is_visible()
        for slider in ("#bandwidth-1", "#held-1"):
            before = pictures(page)
            page.locator(slider).press("PageUp")
            page.wait_for_function("(old) => document.querySelector('#fit .picture > svg').outerHTML !== old", arg=before[0])
        before = pictures(page)
        page.locator("#along label", has_text="north").click()
        changed(page, before)
        each.settle()
        assert address(page)["over"] == "north"
        assert page.locator("#held-0").is_visible()
        page.select_option("#value", "height, m")
        page.select_option("#weights", "weight")
        each.settle()
        assert page.locator(".problem:visible").count() == 0
        shoot(page, "several inputs")
        page.go_back()
        each.settle()
        assert page.input_value("#weights") == ""
    finally:
        assert served.stop() == 0


NAMES = ["a,b", "p=q&r+s", "it's \"x\"; $(exit 3)", "100%", "<b>", "none", " edge ", "50%2C", "y,y", "ö"]


@pytest.mark.parametrize("name", NAMES)
def test_a_column_is_picked_whatever_it_is_called(opened, program, tmp_path, name):
    table = tmp_path / "named.csv"
    others = [other for other in NAMES if other != name]
    with open(table, "w", newline="") as file:
        rows = [[i, *(i % (k + 2) for k in range(len(others))), (i * 7) % 11] for i in range(30)]
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([[name, *others, "y"], *rows])
    served = Served(program, str(table))
    try:
        # As it stands, as the tool has it: the page's own address escapes a comma once more.
        each = opened("/?" + urlencode({"x": others[0], "y": "y"}), on=served)
        page = each.page
        picked = page.locator("#inputs-list input:checked")
        page.locator("#inputs summary").click()
        assert picked.evaluate_all("(all) => all.map((each) => each.value)") == [others[0]]
        for value in (name, others[0]):
            page.locator("#inputs-list input").nth(0 if value == name else 1).click()
            each.settle()
        page.keyboard.press("Escape")
        each.settle()
        assert picked.evaluate_all("(all) => all.map((each) => each.value)") == [name]
        page.select_option("#value", others[1])
        each.settle()
        page.select_option("#weights", others[2])
        each.settle()
        assert page.locator(".problem:visible").count() == 0
        before = pictures(page)
        page.reload()
        each.settle()
        assert pictures(page) == before
        assert page.input_value("#value") == others[1] and page.input_value("#weights") == others[2]
        page.wait_for_function("() => document.querySelector('#command').textContent")
        command = page.locator("#command").text_content()
        shell = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
        (tmp_path / "nadaraya").symlink_to(os.path.realpath(program))
        drawn = subprocess.run(command, shell=True, cwd=tmp_path, env=shell, capture_output=True, text=True)
        assert drawn.returncode == 0, (command, drawn.stderr)
        assert (tmp_path / "fit.svg").exists()
    finally:
        assert served.stop() == 0


def test_a_dropped_table_is_shown_and_a_bad_one_is_explained(opened, shoot):
    each = opened(refusals=[422, 400])
    page = each.page
    before = pictures(page)
    drop(page, "steps.csv", b"time,level\n" + b"".join(b"%d,%d\n" % (a, a // 5) for a in range(40)))
    changed(page, before)
    each.settle()
    assert "steps.csv" in page.locator("#table option:checked").inner_text()
    assert page.locator("#inputs-names").inner_text() == "time" and page.input_value("#value") == "level"
    good = pictures(page)
    drop(page, "bad.csv", b'a,b\n1,2\n3,"4\n')
    problem = page.locator('.problem[data-for="table"]')
    problem.wait_for(state="visible")
    assert "bad.csv" in problem.inner_text() and re.search("line|quot", problem.inner_text())
    assert pictures(page) == good, "the old view stays"
    shoot(page, "error", full_page=False)


def test_nothing_of_one_table_stands_beside_another(opened):
    each = opened(refusals=[422, 400])
    page = each.page
    drop(page, "words.csv", b"a,b\nred,small\nblue,large\n")
    page.locator(".problem:visible").first.wait_for()
    assert "words.csv" in page.locator("#table option:checked").inner_text()
    assert page.locator(".picture > svg").count() == 0
    assert page.locator("#readings").inner_text() == ""


def test_rows_with_missing_values_can_be_left_out_by_a_button(opened):
    each = opened(refusals=[422, 400])
    page = each.page
    page.locator("#file").set_input_files(files=[{"name": "holes.csv", "mimeType": "text/csv", "buffer": MISSING}])
    page.get_by_role("button", name="Leave those rows out").click()
    page.locator(".problem:visible").wait_for(state="hidden")
    each.settle()
    assert address(page)["missing"] == "drop"


def test_a_link_to_a_table_that_is_gone_explains_it(opened):
    each = opened(None, refusals=[404])
    page = each.page
    page.goto(each.served.address + "/?table=gone&x=x&y=y")
    problem = page.locator('.problem[data-for="table"]')
    problem.wait_for(state="visible")
    assert "gone" in problem.inner_text()
    page.get_by_role("button", name="Show the table given at the start").click()
    each.settle()
    assert problem.is_hidden()


def test_a_link_that_cannot_be_shown_says_so_and_offers_a_way_out(opened):
    each = opened(None, refusals=[400])
    page = each.page
    for wrong, word in (("x=z", "z"), ("h=-1", "1"), ("kernel=gauss", "gauss")):
        page.goto(f"{each.served.address}/?{wrong}")
        problem = page.locator('.problem[data-for="view"]')
        problem.wait_for(state="visible")
        assert word in problem.inner_text()
    page.get_by_role("button", name="Show the table from the beginning").click()
    each.settle()
    assert problem.is_hidden()


# MARK: - Address


def test_a_reload_and_a_link_bring_the_view_back(opened):
    each = opened()
    page = each.page
    page.select_option("#kernel", "logistic")
    page.select_option("#degree", "1")
    page.select_option("#band", "0.8")
    page.check("#residuals")
    each.settle()
    page.locator("#bandwidth-0").press("PageUp")
    page.locator("#query-range").press("ArrowRight")
    page.locator("#contributors table").wait_for()
    each.settle()

    def seen():
        return page.evaluate("""() => [
            location.search, ...["kernel", "degree", "band", "value"].map((id) => document.getElementById(id).value),
            document.getElementById("residuals").checked, document.getElementById("bandwidth-0-number").value,
            document.getElementById("query-number").value, document.getElementById("contributors").innerText,
            ...["fit", "attention", "stems", "residual-plot", "criterion"].map((id) =>
                document.querySelector(`#${id} .picture > svg`).outerHTML)]""")

    before = seen()
    page.reload()
    each.settle()
    page.locator("#contributors table").wait_for()
    each.settle()
    assert seen() == before
    link = page.url.removeprefix(each.served.address)
    other = opened(link)
    other.page.locator("#contributors table").wait_for()
    other.settle()
    page = other.page
    assert seen() == before


def test_back_and_forward_go_through_picks(opened):
    each = opened()
    page = each.page
    first = bandwidth(page)
    page.select_option("#kernel", "tricube")
    page.wait_for_function("() => document.querySelector('#bandwidth-note').textContent.includes('minimum')")
    each.settle()
    second = bandwidth(page)
    page.go_back()
    each.settle()
    page.wait_for_function("() => document.querySelector('#kernel').value === 'gaussian'")
    assert bandwidth(page) == pytest.approx(first, rel=1e-4)
    page.go_forward()
    page.wait_for_function("() => document.querySelector('#kernel').value === 'tricube'")
    each.settle()
    assert bandwidth(page) == pytest.approx(second, rel=1e-4)


# MARK: - Looks


def luminance(page, selector, attribute=None):
    color = page.evaluate("""([selector, attribute]) => {
        const found = document.querySelector(selector);
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.fillStyle = attribute ? found.getAttribute(attribute) : getComputedStyle(found).backgroundColor;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    }""", [selector, attribute])
    return sum(color[:3]) / 3


def test_dark_is_dark_in_the_pictures_too_and_follows_changes(opened, shoot):
    each = opened(color_scheme="dark")
    page = each.page
    assert luminance(page, "body") < 60
    assert luminance(page, "#fit .picture > svg > rect", "fill") < 60
    page.mouse.move(*middle(page, "#fit .picture", 0.4))
    page.locator("#contributors table").wait_for()
    each.settle()
    shoot(page, "dark")
    before = pictures(page)
    page.emulate_media(color_scheme="light")
    changed(page, before)
    assert luminance(page, "body") > 200
    assert luminance(page, "#fit .picture > svg > rect", "fill") > 200


def test_a_phone_has_one_column_and_no_sideways_scroll(opened, shoot):
    each = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = each.page
    page.locator("#fit .picture").tap()
    page.locator("#contributors table").wait_for()
    each.settle()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for picture in ("#fit", "#attention", "#criterion"):
        box = page.locator(f"{picture} .picture > svg").first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert float(page.locator(f"{picture} .picture > svg").first.get_attribute("width")) <= 390
    assert page.locator("#bandwidth-0").bounding_box()["height"] >= 40
    shoot(page, "phone")
    page.locator("#choices > summary").click()
    page.locator("#kernel").wait_for(state="visible")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, "phone, pickers", full_page=False)


def test_residuals_and_the_learned_similarity_are_shown_on_demand(opened, shoot):
    each = opened()
    page = each.page
    page.check("#residuals")
    page.locator("#residual-plot .picture > svg").first.wait_for()
    page.check("#learned")
    page.locator("#learned-plot .picture > svg").first.wait_for(timeout=30_000)
    assert len(page.inner_text("#learned-words")) > 20
    each.settle()
    shoot(page, "learned")
    page.uncheck("#learned")
    page.uncheck("#residuals")
    page.locator("#residual-plot").wait_for(state="hidden")
    assert page.locator("#learned-part").is_hidden()


# MARK: - To take along


def test_command_and_code_are_copied(opened):
    each = opened()
    each.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = each.page
    for source, start in (("command", "nadaraya "), ("code", "import Nadaraya")):
        page.locator(f'[data-copies="{source}"]').click()
        page.locator(f'[data-copies="{source}"]', has_text="Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.evaluate("(id) => document.getElementById(id).textContent", source)
        assert start in copied


def test_pictures_and_numbers_are_saved(opened, tmp_path):
    each = opened("/?query=5")
    page = each.page
    page.locator("#contributors table").wait_for()
    each.settle()
    wanted = [
        ("the fit", "SVG", b"<svg"), ("the fit", "PNG", b"\x89PNG"), ("the fit", "CSV", b"x,"),
        ("the attention weights", "SVG", b"<svg"), ("the criterion", "PNG", b"\x89PNG"),
        ("the weights of the query", "SVG", b"<svg"), ("the weights of the query", "CSV", b""),
    ]
    for name, kind, start in wanted:
        with page.expect_download() as download:
            page.get_by_label(f"Download {name} as {kind}", exact=True).click()
        saved = tmp_path / download.value.suggested_filename
        download.value.save_as(saved)
        assert saved.read_bytes().startswith(start) and saved.stat().st_size > 100, (name, kind)


# MARK: - Hands on keys, eyes shut


def test_everything_is_reached_by_keyboard_and_has_a_name(opened):
    page = opened("/?query=5").page
    page.locator("#contributors table").wait_for()
    page.locator("body").press("Tab")
    reached = []
    for _ in range(80):
        now = page.evaluate("""() => {
            const on = document.activeElement;
            if (on === document.body) return null;
            const name = on.getAttribute("aria-label") || on.labels?.[0]?.textContent || on.textContent;
            const style = getComputedStyle(on);
            return { id: on.id || on.dataset.copies || on.className || on.tagName, name: (name || "").trim(),
                     seen: on.matches(":focus-visible") };
        }""")
        if now is None:
            break
        assert now["name"], f"{now['id']} has no name"
        assert now["seen"], f"focus on {now['id']} is not to be seen"
        reached.append(now["id"])
        page.keyboard.press("Tab")
    wanted = {
        "skip", "table", "file", "value", "weights", "kernel", "degree", "band", "residuals", "learned",
        "bandwidth-0", "bandwidth-0-number", "minimum", "query-range", "query-number", "query-drop", "command", "code"}
    assert wanted <= set(reached)


def test_a_settled_value_is_announced_once(opened):
    page = opened().page
    page.evaluate("""() => {
        window.heard = [];
        const region = document.getElementById("announcer");
        new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true });
    }""")
    for _ in range(10):
        page.locator("#bandwidth-0").press("ArrowRight")
    page.wait_for_function("() => heard.some(words => words.includes('degrees of freedom'))")
    # Slow machines are told that work is under way as well.
    heard = [words for words in page.evaluate("() => heard") if "…" not in words]
    assert len(heard) <= 2
    assert re.fullmatch(
        r"bandwidth [\d.]+, leave-one-out error [\d.]+, effective degrees of freedom [\d.]+", heard[-1])
    assert page.locator("[role=status]").count() == 1
    for landmark in ("banner", "main", "contentinfo", "form"):
        assert page.get_by_role(landmark).count() >= 1, landmark


def test_ids_are_one_name_space_for_the_page_and_its_pictures(opened):
    each = opened("/?query=5&residuals=1&learned=1")
    page = each.page
    page.locator("#learned-plot .picture > svg").first.wait_for()
    each.settle()
    twice, dangling, uses = page.evaluate("""() => {
        const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
        const uses = [...document.querySelectorAll("svg, svg *")].flatMap((element) => [...element.attributes])
            .flatMap(({ value }) => [...value.matchAll(/url\\(#([^)]+)\\)/g)].map(([, id]) => id));
        return [ids.filter((id, index) => ids.indexOf(id) !== index), uses.filter((id) => !ids.includes(id)), uses.length];
    }""")
    assert uses > 0 and (twice, dangling) == ([], [])


def test_slow_work_is_told_and_the_old_picture_stays(opened):
    page = opened().page
    before = pictures(page)
    session = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 1200, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", slow)
    page.locator("#bandwidth-0").press("PageUp")
    page.wait_for_timeout(150)
    assert page.locator("#working").is_hidden(), "not before 0.3 s"
    page.locator("#working").wait_for(state="visible")
    assert re.search(r"fit… \d\.\d s", page.inner_text("#working"))
    assert page.locator("#pictures.waiting").count() == 1 and pictures(page) == before
    changed(page, before)
    page.locator("#working").wait_for(state="hidden")
    assert page.locator("#pictures.waiting").count() == 0


def test_a_server_that_has_gone_is_told_and_comes_back(opened, program, data):
    served = Served(program, str(data / "waves.csv"))
    each = opened(on=served)
    page = each.page
    assert served.stop() == 0
    page.locator("#bandwidth-0").press("PageUp")
    page.locator("#banner").wait_for(state="visible")
    assert "does not answer" in page.inner_text("#banner")
    again = Served(program, str(data / "waves.csv"), port=served.port)
    try:
        before = pictures(page)
        page.get_by_role("button", name="Retry").click()
        page.locator("#banner").wait_for(state="hidden")
        changed(page, before)
    finally:
        assert again.stop() == 0
    # The browser writes a line for each request that found nobody.
    each.faults = [fault for fault in each.faults if "ERR_CONNECTION_REFUSED" not in fault]


def test_the_page_forbids_itself_everything_it_does_not_need(opened):
    each = opened(None)
    response = each.page.goto(each.served.address + "/")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    each.settle()
