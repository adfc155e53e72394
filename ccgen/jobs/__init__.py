"""Work shared among processes; the seam is `model.work`, and nothing here knows what is worked on."""
