"""``corredor posts``: text, CSV and JSON of the same choice."""

import csv
import io
import json

import pytest


@pytest.fixture
def in_json(command):
    def run(*arguments):
        result = command("posts", *arguments, "--format", "json")
        assert result.code == 0, result.err
        return json.loads(result.out)

    return run


def test_posts_towards_madre_de_dios_stand_on_the_way_there(in_json):
    """Nearly all that is reported comes down from the sierra by Mazuko."""
    found = in_json("-p", 2, "--to", "Madre de Dios")
    first = found["posts"][0]
    assert (first["place"], first["region"], first["rank"]) == ("Mazuko", "Madre de Dios", 1)
    assert first["gain"] > 0.8
    assert found["exact"] is True
    assert found["posts"][-1]["reach"] == pytest.approx(found["reach"])
    assert found["reach"] <= found["bound"] + 1e-9
    assert {"F002", "F003"} <= set(first["flow_ids"])
    assert first["source_ids"]
    by_code = in_json("-p", 2, "--to", "17", "--on-the-way")
    assert by_code["posts"] == found["posts"]


def test_csv_text_and_json_agree(command, in_json):
    found = in_json("-p", 2, "--fixed", "mazuko", "--candidates", "juliaca,cusco,tacna")
    rows = list(csv.DictReader(io.StringIO(
        command("posts", "-p", 2, "--fixed", "mazuko", "--candidates", "juliaca,cusco,tacna",
                "--format", "csv").out
    )))  # fmt: skip
    assert [row["place_id"] for row in rows] == [post["place_id"] for post in found["posts"]]
    assert rows[0]["fixed"] == "True"
    assert float(rows[2]["reach"]) == found["reach"]
    assert rows[0]["source_ids"].split(";") == found["posts"][0]["source_ids"]
    text = command("posts", "-p", 2, "--fixed", "mazuko", "--candidates", "juliaca,cusco,tacna",
                   "--theta", "some")  # fmt: skip
    assert "1. Mazuko, Madre de Dios" in text.out
    assert "there already" in text.out
    assert f"{found['reach']:.1%} of the reported flow" in text.out


def test_it_says_what_it_means_in_both_languages_and_goes_to_a_file(command, tmp_path):
    english = command("posts", "-p", 1, "--to", "17").out
    assert "about reported flows only" in english
    assert "nobody has observed them" in english
    assert "never a venue" in english
    target = tmp_path / "puestos.txt"
    result = command("posts", "-p", 1, "--to", "17", "-o", target, lang="es")
    assert result.out.strip() == str(target)
    spanish = target.read_text(encoding="utf-8")
    assert "solo de flujos reportados" in spanish
    assert "nunca un local" in spanish


def test_flows_that_pass_nowhere_are_counted(in_json, command):
    """Without rivers nothing leaves Iquitos, and a flow within one town passes no other place."""
    lost = in_json("-p", 1, "--without", "river")["left_out"]
    assert lost["unreachable"]
    assert lost["internal"]
    text = command("posts", "-p", 1, "--without", "river").out
    assert f"Not counted: {len(lost['unreachable'])} reported flow(s), because no way" in text


def test_every_place_is_listed_with_its_share(command, in_json):
    places = in_json("--all", "--to", "17", "--count-ends")["places"]
    shares = {place["place_id"]: place["share"] for place in places}
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    best = in_json("-p", 1, "--to", "17", "--count-ends")["posts"][0]
    assert shares[best["place_id"]] == pytest.approx(best["alone"])
    (maldonado,) = [place for place in places if place["place_id"] == "puerto_maldonado"]
    assert maldonado["load"] == pytest.approx(
        maldonado["starts"] + maldonado["ends"] + maldonado["through"]
    )
    rows = list(csv.DictReader(io.StringIO(
        command("posts", "--all", "--to", "17", "--count-ends", "--format", "csv").out
    )))  # fmt: skip
    assert [row["place_id"] for row in rows] == list(shares)
    text = command("posts", "--all", "--to", "17", "--count-ends").out
    assert f"{shares['mazuko']:.1%}  " in text
    assert "  Mazuko, Madre de Dios" in text


def test_candidates_that_nobody_passes_are_no_answer(command):
    result = command("posts", "--to", "17", "--candidates", "tumbes")
    assert result.code == 1
    assert "None of the places to choose from is passed" in result.err
    assert not result.out


def test_the_first_answer_is_not_where_the_flows_begin(in_json):
    found = in_json("--from", "Loreto", "-p", 1)["posts"][0]
    assert found["place_id"] == "nauta"
    ends = in_json("--from", "Loreto", "-p", 1, "--count-ends")["posts"][0]
    assert ends["place_id"] == "iquitos"
    assert ends["alone"] == pytest.approx(1)


def test_shares_and_ranks_have_a_range(in_json, command):
    found = in_json("-p", 2)
    for post in found["posts"]:
        assert post["alone_low"] <= post["alone"] <= post["alone_high"]
        assert post["exact"] <= post["alone"] + 1e-9
        assert 1 <= post["rank_low"] <= post["rank_high"]
    assert found["low"] <= found["reach"] <= found["high"]
    assert found["low"] - 1e-9 <= found["robust"]["worst"] <= found["high"]
    first = found["posts"][0]
    text = command("posts", "-p", 2).out
    assert f"{first['alone_low']:.0%}-{first['alone_high']:.0%}; alone it could rank" in text


def test_a_place_is_asked_for_by_id_name_or_region(in_json):
    by_name = in_json("--from", "Cusco", "--to", "Puerto Maldonado", "-p", 1)["posts"]
    by_id = in_json("--from", "cusco", "--to", "puerto_maldonado", "-p", 1)["posts"]
    assert by_name == by_id
    fixed = in_json("-p", 1, "--fixed", "Madre de Dios", "--candidates", "Puno,Juliaca")["posts"]
    assert fixed[0]["place_id"] == "puerto_maldonado"
    assert fixed[1]["place_id"] in ("puno", "juliaca")


def test_posts_keep_the_distance_asked_for(in_json):
    near = in_json("-p", 2)["posts"]
    far = in_json("-p", 2, "--min-km", 400)["posts"]
    assert near[0]["place_id"] == far[0]["place_id"]
    assert near[1]["place_id"] != far[1]["place_id"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "Madre de Dio"], "Did you mean 'Madre de Dios'?"),
        (["--fixed", "mazuco"], "Did you mean 'Mazuko'?"),
        (["--theta", "most"], "many"),
        (["--from", "Tumbes", "--to", "Tumbes"], "No reported flow joins these places"),
        (["-p", "0"], "At least one post"),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest_name(command, arguments, words):
    result = command("posts", *arguments)
    assert result.code == 1
    assert words in result.err
    assert not result.out
