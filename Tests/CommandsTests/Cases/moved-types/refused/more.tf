moved {
  from = random_pet.pet
  to   = terraform_data.pet
}
