"""Complaints as a regulator publishes them: the real file where it is, and a small one like it."""

import pytest
from django.db.models import Count

from cases.enums import CaseState
from cases.models import Case, Customer, Product
from tests.cases.importing import DATA, EXAMPLES, ROOT, run
from workflows.models import Task, Transition

pytestmark = pytest.mark.django_db
MAPPING = ("--mapping", EXAMPLES / "nhtsa.toml")
SMALL = DATA / "nhtsa_small.tsv"
REAL = ROOT.parent / "shared" / "data" / "nhtsa_complaints.tsv"


@pytest.fixture
def english(company):
    for person in (company.lead, company.agent):
        person.language = "en"
        person.save(update_fields=["language"])
    return company


def facts(path):
    """What the file says, read without the product: complaint number → records, major or not."""
    found = {}
    for line in path.read_text(encoding="ascii").splitlines():
        cells = line.split("\t")
        hurt = int(cells[9] or 0) + int(cells[10] or 0)
        major = cells[6] == "Y" or cells[8] == "Y" or hurt > 0
        before = found.get(cells[1], ((), False))
        found[cells[1]] = ((*before[0], cells[0]), before[1] or major)
    return found


@pytest.mark.parametrize(
    ("path", "records", "complaints", "major"),
    [
        (SMALL, 8, 6, 5),
        pytest.param(
            REAL, 100, 77, 23, marks=pytest.mark.skipif(not REAL.exists(), reason="not here")
        ),
    ],
    ids=["small", "real"],
)
def test_every_record_is_found_again_in_a_case(english, path, records, complaints, major):
    done = run(path, *MAPPING)
    assert (done.code, done.err) == (0, "")
    joined = records - complaints
    assert done.last == [
        f"{records} read, {complaints} imported, {joined} joined to them,"
        " 0 already there, 0 in error"
    ]
    said = facts(path)
    cases = {case.external_ref: case for case in Case.objects.filter(source="nhtsa")}
    assert set(cases) == set(said)
    for number, (records_of, heavy) in said.items():
        case = cases[number]
        assert (case.severity == "major") == heavy, number
        assert all(f"Record {record}: " in case.description for record in records_of)
    assert sum(case.is_major for case in cases.values()) == major


def test_every_case_has_its_number_process_first_step_and_record(english):
    run(SMALL, *MAPPING)
    cases = Case.objects.filter(source="nhtsa").order_by("pk")
    assert [case.number[-6:] for case in cases] == [f"{n:06}" for n in range(1, 7)]
    for case in cases:
        first = CaseState.INVESTIGATION if case.is_major else CaseState.ACKNOWLEDGEMENT
        assert case.state == first
        assert case.history.count() == case.version == 1
        assert case.processes.count() == 1
        task = Task.objects.get(root_number=case.number, finished=None)
        assert task.flow_task.name == ("investigate" if case.is_major else "acknowledge")
        assert task.due is not None
        log = Transition.objects.get(subject_kind="case", subject_id=case.pk)
        assert (log.act, log.by) == ("log", english.lead)
        assert log.request.startswith("import:")
        assert case.parties.filter(department=english.service).exists()


def test_owners_who_share_a_city_are_two_customers_and_products_are_one_tree(english):
    run(SMALL, *MAPPING)
    owners = Customer.objects.filter(name="Vehicle owner, HILLTOP, TX")
    assert sorted(owners.values_list("external_ref", flat=True)) == ["NHTSA 700004", "NHTSA 700005"]
    comet = Product.objects.get(name="EXAMPLE COMET 2001")
    assert comet.parent.name == "EXAMPLE COMET"
    assert comet.path == f"{comet.parent.path}{comet.pk}/"
    assert comet.parent.parent.name == "EXAMPLE"
    # Nobody knows the model year of a child seat; 9999 is no year.
    assert Case.objects.get(external_ref="700005").product.name == "SAFE SEATS CHILD SAFETY SEAT"
    doubled = Product.objects.values("name", "parent").annotate(n=Count("pk")).filter(n__gt=1)
    assert not doubled.exists()


def test_quotation_marks_are_text_and_empty_columns_leave_no_trace(english):
    run(SMALL, *MAPPING)
    assert '"TOP" BEARING' in Case.objects.get(external_ref="700001").description
    wiper = Case.objects.get(external_ref="700006")
    assert wiper.customer.name == "Vehicle owner, WA"
    assert "Mileage" not in wiper.description
    assert wiper.occurred_on is None
    assert wiper.channel.code == "bulletin"
    assert wiper.category.name == "VISIBILITY"


@pytest.mark.parametrize("path", [SMALL, REAL], ids=["small", "real"])
def test_the_same_file_twice_imports_nothing_twice(english, path):
    if not path.exists():
        pytest.skip("the real file is not here")
    run(path, *MAPPING)
    before = Case.objects.count(), Customer.objects.count(), Product.objects.count()
    again = run(path, *MAPPING)
    read = len(path.read_text().splitlines())
    assert again.last == [f"{read} read, 0 imported, {read} already there, 0 in error"]
    assert (Case.objects.count(), Customer.objects.count(), Product.objects.count()) == before


@pytest.mark.parametrize("path", [SMALL, REAL], ids=["small", "real"])
def test_a_dry_run_says_what_would_happen_and_writes_nothing(english, path):
    if not path.exists():
        pytest.skip("the real file is not here")
    tables = (Case, Customer, Product, Task, Transition)
    before = [table.objects.count() for table in tables]
    done = run(path, *MAPPING, "--dry-run")
    assert done.code == 0
    assert "would be imported" in done.out
    assert [table.objects.count() for table in tables] == before
    # The numbers are given back: the first real case gets the first one.
    run(path, *MAPPING)
    assert Case.objects.order_by("pk").first().number.endswith("-000001")
